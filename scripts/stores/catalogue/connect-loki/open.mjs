import { join } from 'node:path';
import connectLoki from 'connect-loki';

export default ({ session, folder }) => {
  const LokiStore = connectLoki(session);
  const store = new LokiStore({ path: join(folder, 'sessions.db') });
  return { store, close: () => new Promise((resolve) => store.client.close(resolve)) };
};
