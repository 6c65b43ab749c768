import MongoStore from 'connect-mongo';

export default ({ url }) => MongoStore.create({ mongoUrl: url });
