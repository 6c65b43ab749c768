/** The mongod whose behaviour the engine follows, as drivers and tools ask for it. */
export const VERSION = '7.0.14';
