import { join } from 'node:path';
import nedbSessionStore from 'nedb-session-store';

export default ({ session, folder }) => {
  const NedbStore = nedbSessionStore(session);
  return new NedbStore({ filename: join(folder, 'sessions.db') });
};
