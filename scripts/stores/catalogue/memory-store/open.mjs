/** The store that express-session brings. */
export default ({ MemoryStore }) => new MemoryStore();
