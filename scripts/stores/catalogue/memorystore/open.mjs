import memorystore from 'memorystore';

export default ({ session }) => {
  const MemoryStore = memorystore(session);
  // As its README says: sweep once a day.
  return new MemoryStore({ checkPeriod: 86_400_000 });
};
