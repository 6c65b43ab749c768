import type { Treatments } from '#shop/clinic.ts';

// Examine each patient at /clinic before you treat it: the error text names the cause. A treatment takes the chart
// ({ uri }, and of some patients the { username, password } in clear) and returns what the store is to be given:
// { uri }, and if need be { databaseName } or the driver's { connectionOptions }.
export const treatments: Treatments = {
  // TODO: the deployment says itself what it cannot do. Believe it, and not the tutorial
  'retryable-writes': ({ uri }) => ({ uri }),

  // TODO: the user may use shop. Which database does this string lead to?
  'database-name': ({ uri }) => ({ uri }),

  // TODO: some characters mean something in a connection string. The password is full of them
  password: ({ uri }) => ({ uri }),

  // TODO: name and password are right. They are looked up in the wrong database
  'auth-source': ({ uri }) => ({ uri }),

  // TODO: nobody can bring this machine back. The shop can be told so in good time
  'host-away': ({ uri }) => ({ uri }),

  // TODO: an address was written for this machine, and the server listens on another one
  localhost: ({ uri }) => ({ uri }),

  // TODO: HTML has its own way to write some characters
  'copy-paste': ({ uri }) => ({ uri }),

  // TODO: so have shells
  backslash: ({ uri }) => ({ uri }),

  // TODO: a store whose first connection fails is dead for good. Return, when its database is ready for it
  'dead-store': ({ uri }) => ({ uri }),
};
