import 'reflect-metadata';
import { TypeormStore } from 'connect-typeorm';
import { DataSource, EntitySchema } from 'typeorm';

const Session = new EntitySchema({
  name: 'session',
  columns: {
    expiredAt: { type: 'bigint' },
    id: { type: 'varchar', length: 255, primary: true },
    json: { type: 'text' },
    destroyedAt: { type: 'timestamp', nullable: true, deleteDate: true },
  },
  indices: [{ columns: ['expiredAt'] }],
});

export default async ({ url }) => {
  const source = new DataSource({ type: 'postgres', url, entities: [Session], synchronize: true });
  // The app waits for its database. Trying again is the app's part.
  const initialize = () =>
    source.initialize().catch(() => new Promise((resolve) => setTimeout(resolve, 500)).then(initialize));
  await initialize();
  const store = new TypeormStore({ cleanupLimit: 2 }).connect(source.getRepository('session'));
  return { store, close: () => source.destroy() };
};
