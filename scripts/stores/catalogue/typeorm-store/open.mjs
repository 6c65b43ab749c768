import { createConnection, EntitySchema } from 'typeorm';
import typeormStore from 'typeorm-store';

const Session = new EntitySchema({
  name: 'session',
  columns: {
    id: { type: 'varchar', length: 255, primary: true },
    expiresAt: { type: 'bigint' },
    data: { type: 'varchar' },
  },
});

export default async ({ url }) => {
  const connect = () =>
    createConnection({ type: 'postgres', url, entities: [Session], synchronize: true }).catch(() =>
      new Promise((resolve) => setTimeout(resolve, 500)).then(connect),
    );
  const connection = await connect();
  const store = new typeormStore.TypeormStore({ repository: connection.getRepository('session') });
  return {
    store,
    close: () => {
      store.clearExpirationInterval();
      return connection.close();
    },
  };
};
