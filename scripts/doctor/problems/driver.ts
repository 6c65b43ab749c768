import { type Problem, reported } from './problem.ts';

/** The driver and Mongoose in the same process as the store. */
export const OF_DRIVER = {
  'two-bson': {
    says: ['Unsupported BSON version, bson types must be from bson …'],
    cause:
      'A value of one driver version was given to another: Mongoose 9 has driver 7, connect-mongodb-session has driver 6, and their ObjectIds do not mix.',
    fix: 'Store plain values in the session: req.session.userId = String(user._id).',
    lesson: 7,
  },
  'mongoose-buffering': {
    says: ['Operation `…` buffering timed out after …ms'],
    cause:
      'The model is used, and its connection was never opened or failed: mongoose.connect() was not called, not awaited, or on another copy of Mongoose.',
    fix: 'await mongoose.connect(uri) before the server listens, and look for the error of the connection: it came first.',
    lesson: 5,
  },
  'mongoose-callback': {
    says: ['no longer accepts a callback', ...reported('MongooseError: Query was already executed')],
    cause: 'Mongoose 7 and later, and driver 5 and later, take no callbacks.',
    fix: 'Use await, or .then(): const user = await User.findOne({ email }).',
  },
  'object-id': {
    says: [
      'input must be a 24 character hex string',
      'Cast to ObjectId failed for value',
      ...reported(
        'Argument passed in must be a string of 12 bytes or a string of 24 hex characters',
        'Argument passed in must be a single String of 12 bytes',
      ),
    ],
    cause:
      'A text that is no ObjectId was taken for one: a route such as /new, an empty value, or a session ID, which is a plain string.',
    fix: 'Check the text before (ObjectId.isValid), put /new above /:id, and look for a session by its _id as it is.',
    lesson: 6,
  },
  'mongoose-model-missing': {
    says: [`Schema hasn't been registered for model "…"`],
    cause:
      'A model is asked for by its name, and the file that makes it was not loaded, or made it on another connection.',
    fix: 'Import that file where the model is used, and take the model from the same connection.',
  },
  'mongoose-model-twice': {
    says: ['Cannot overwrite `…` model once compiled'],
    cause: 'The file that makes the model is loaded twice: two spellings of its path, or a reload.',
    fix: 'Import it by one spelling, or use mongoose.models.User ?? mongoose.model(…).',
  },
  'driver-removed': {
    says: [
      {
        text: 'collection.insert is not a function',
        pattern:
          /\b(?:collection|coll|users|sessions|db|sessionsCollection|usersCollection)(?:\(\.*\))?\.(?:insert|update|remove|save|count|ensureIndex|findAndModify|collection|mapReduce|stats) is not a function/i,
      },
      ...reported('client.isConnected is not a function', 'result.ops is not iterable'),
      { text: 'client.collection is not a function', pattern: /client\.collection is not a function/ },
    ],
    cause:
      'Driver 5 and later have no such method, or it belongs to another object: collection() is a method of a database.',
    fix: 'insertOne, updateOne, deleteOne, countDocuments, createIndex; client.db().collection(…).',
  },
  'driver-not-connected': {
    says: reported(
      'MongoClient must be connected to perform this operation',
      'Cannot use a session that has ended',
    ),
    cause:
      'The client was closed, or a session of the driver was ended, while a command still needed it: client.close() or endSession() in a finally, before what was not awaited.',
    fix: 'Await each command before. Make one client for the process and close it at its end, after the last request.',
    lesson: 11,
  },
  'undefined-collection': {
    says: [
      {
        text: "Cannot read properties of undefined (reading 'collection')",
        pattern:
          /Cannot read propert(?:ies of undefined \(reading '(?:collection|db)'\)|y '(?:collection|db)' of undefined)/,
      },
    ],
    cause: 'The variable for the database is still undefined: it is used before connect() has ended.',
    fix: 'await client.connect() before the server listens, and take client.db() from what it returns.',
  },
} as const satisfies Record<string, Problem>;
