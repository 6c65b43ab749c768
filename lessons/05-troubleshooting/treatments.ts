import type { Treatments } from '#shop/clinic.ts';

// Examine each patient at /clinic before you treat it: the error text names the cause. A treatment takes the chart
// ({ uri }, and of some patients the { username, password } in clear) and returns what the store is to be given:
// { uri }, and if need be { databaseName } or the driver's { connectionOptions }.
export const treatments: Treatments = {
  // TODO: the error says what this deployment cannot do, and what to add. Do that
  'retryable-writes': ({ uri }) => ({ uri }),

  // TODO: the user may use shop. Which database does this string lead to?
  'database-name': ({ uri }) => ({ uri }),

  // TODO: some characters mean something in a connection string. The password is full of them
  password: ({ uri }) => ({ uri }),

  // TODO: name and password are right. They are looked up in the wrong database
  'auth-source': ({ uri }) => ({ uri }),

  // TODO: nobody can bring this machine back. Make the error come within 5 seconds, not after 30
  'host-away': ({ uri }) => ({ uri }),

  // TODO: both addresses mean this machine. The server listens on the other one
  localhost: ({ uri }) => ({ uri }),

  // TODO: HTML has its own way to write some characters
  'copy-paste': ({ uri }) => ({ uri }),

  // TODO: a shell put a backslash before some characters
  backslash: ({ uri }) => ({ uri }),

  // TODO: a store whose first connection fails stays dead. Return only when the database is ready
  'dead-store': ({ uri }) => ({ uri }),
};
