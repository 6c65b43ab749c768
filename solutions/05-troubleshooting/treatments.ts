import { setTimeout as delay } from 'node:timers/promises';
import { MongoClient } from 'mongodb';
import type { Treatments } from '#shop/clinic.ts';

// Examine each patient at /clinic before you treat it: the error text names the cause. A treatment takes the chart
// ({ uri }, and of some patients the { username, password } in clear) and returns what the store is to be given:
// { uri }, and if need be { databaseName } or the driver's { connectionOptions }.
export const treatments: Treatments = {
  // Leaving retryWrites=true out would change nothing: it is the driver's default.
  'retryable-writes': ({ uri }) => ({ uri: uri.replace('retryWrites=true', 'retryWrites=false') }),

  // The name stands before the options. Without one the driver takes `test`.
  'database-name': ({ uri }) => ({ uri: uri.replace('/?', '/shop?') }),

  // Slash, @ and their like divide a connection string. Encoded, they are a password.
  password: ({ uri, password = '' }) => ({ uri: uri.replace(password, encodeURIComponent(password)) }),

  // Without authSource the user is looked up in the database of the path.
  'auth-source': ({ uri }) => ({ uri: `${uri}?authSource=admin` }),

  // The driver looks for a server for 30 s before it says that there is none. Half a second is enough for a check;
  // a real shop says 2 to 5 s, so that it outlasts the election of a new primary.
  'host-away': ({ uri }) => ({ uri, connectionOptions: { serverSelectionTimeoutMS: 500 } }),

  // The server's own log says where it listens.
  localhost: ({ uri }) => ({ uri: uri.replace('[::1]', '127.0.0.1') }),

  // &amp; is how HTML writes &.
  'copy-paste': ({ uri }) => ({ uri: uri.replaceAll('&amp;', '&') }),

  // The backslashes were for the shell, and it did not take them away.
  backslash: ({ uri }) => ({ uri: uri.replaceAll('\\', '') }),

  // A client goes ahead and knocks until it is let in. A store must not be the one that is turned away.
  'dead-store': async ({ uri }) => {
    for (;;) {
      const client = new MongoClient(uri);
      try {
        await client.connect();
        return { uri };
      } catch (error) {
        console.error(`The database is not ready: ${(error as Error).message}`);
        await delay(100);
      } finally {
        await client.close();
      }
    }
  },
};
