import sessionMemoryStore from 'session-memory-store';

export default ({ session }) => {
  const MemoryStore = sessionMemoryStore(session);
  return new MemoryStore();
};
