import { join } from 'node:path';
import low from 'lowdb';
import FileSync from 'lowdb/adapters/FileSync.js';
import lowdbSessionStore from 'lowdb-session-store';

export default ({ session, folder }) => {
  const LowdbStore = lowdbSessionStore(session);
  const db = low(new FileSync(join(folder, 'sessions.json'), { defaultValue: [] }));
  return new LowdbStore(db, { ttl: 86_400 });
};
