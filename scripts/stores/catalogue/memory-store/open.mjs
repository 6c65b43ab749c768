/** The store that comes with express-session. */
export default ({ MemoryStore }) => new MemoryStore();
