import connectSessionSequelize from 'connect-session-sequelize';
import { Sequelize } from 'sequelize';

export default ({ Store, url }) => {
  const sequelize = new Sequelize(url, { logging: false });
  const SequelizeStore = connectSessionSequelize(Store);
  const store = new SequelizeStore({ db: sequelize });
  // Makes the table as its README does. Trying again is the app's part.
  const sync = () => store.sync().catch(() => setTimeout(sync, 500));
  return sync().then(() => ({
    store,
    close: () => {
      store.stopExpiringSessions();
      return sequelize.close();
    },
  }));
};
