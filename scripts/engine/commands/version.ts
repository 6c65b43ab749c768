/** The mongod whose behaviour the engine follows, as drivers and tools read it. */
export const VERSION = '7.0.14';
