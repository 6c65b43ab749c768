import { join } from 'node:path';
import connectLowdb from 'connect-lowdb';
import { JSONFilePreset } from 'lowdb/node';

export default async ({ session, folder }) => {
  const LowdbStore = connectLowdb(session);
  const db = await JSONFilePreset(join(folder, 'sessions.json'), { sessions: [] });
  return new LowdbStore({ db });
};
