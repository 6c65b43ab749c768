import expressSessionSequelize from 'express-session-sequelize';
import { Sequelize } from 'sequelize';

export default ({ Store, url }) => {
  const sequelize = new Sequelize(url, { logging: false });
  const SessionStore = expressSessionSequelize(Store);
  return { store: new SessionStore({ db: sequelize }), close: () => sequelize.close() };
};
