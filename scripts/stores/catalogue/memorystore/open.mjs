import memorystore from 'memorystore';

export default ({ session }) => {
  const MemoryStore = memorystore(session);
  // As in its README: sweeps once a day.
  return new MemoryStore({ checkPeriod: 86_400_000 });
};
