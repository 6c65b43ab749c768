import { MongoClient } from 'mongodb';
import { type Provocations, printed, thrown } from './support.ts';

const takes = (uri: string | undefined, options?: object) => () =>
  thrown(() => new MongoClient(uri as string, options));
const H = 'mongodb://127.0.0.1:1/shop';

/** The driver's errors for a string, and for the options used with it. */
export const STRING: Provocations = {
  'Invalid scheme, expected connection string to start with "mongodb://" or "mongodb+srv://"':
    takes('"mongodb://h/shop"'),
  "Cannot read properties of undefined (reading 'startsWith')": takes(undefined),
  'Unable to parse … with URL': takes('mongodb://ann:pw/shop'),
  'options retrywrites\\, w\\ are not supported': takes(
    `${H}\\?retryWrites\\=true\\&w\\=majority`.replace('\\?', '?'),
  ),
  'option amp;w is not supported': takes(`${H}?retryWrites=true&amp;w=majority`),
  'Password contains unescaped characters': takes(`${H}?appName=me@home`),
  'Username contains unescaped characters …': takes('mongodb://an%n:pw@h/shop'),
  'URI contained empty userinfo section': takes('mongodb://:pw@h/shop'),
  'URI malformed': takes('mongodb://ann:%ff@h/shop'),
  'Protocol and host list are required': takes('mongodb:///shop'),
  'mongodb+srv URI cannot have …': takes('mongodb+srv://a.example.org:1/shop'),
  'directConnection option requires exactly one host': takes('mongodb://a,b/shop?directConnection=true'),
  'SRV URI does not support directConnection': takes(
    'mongodb+srv://a.example.org/shop?directConnection=true',
  ),
  'URI option "shop" cannot be specified with no value': takes('mongodb://h/?shop'),
  'options usecreateindex, usefindandmodify are not supported': takes(H, {
    useCreateIndex: true,
    useFindAndModify: false,
  }),
  'useNewUrlParser is a deprecated option': () => oldOptions(),
  'useUnifiedTopology is a deprecated option': () => oldOptions(),
  'option … is not supported': takes(`${H}?retrywrite=false`),
  'options … are not supported': takes(`${H}?retrywrite=false&tsl=true`),
  'URI option "…" cannot appear more than once': takes(`${H}?w=1&w=2`),
  'URI option "…" cannot be specified with no value': takes(`${H}?w=`),
  '… must be either "true" or "false"': takes(`${H}?retryWrites=maybe`),
  '… can only be a positive int value': takes(`${H}?maxPoolSize=-1`),
  'Expected … to be stringified int value': takes(`${H}?maxPoolSize=many`),
  'Invalid read preference mode "…"': takes(`${H}?readPreference=second`),
  'Must specify proxyHost if other proxy options are passed': takes(`${H}?proxyPort=1080`),
  'All values of tls/ssl must be the same': takes(`${H}?tls=true&ssl=false`),
  '… is not a valid compression mechanism': takes(`${H}?compressors=gzip`),
  'authMechanism one of …, got …': takes(`${H}?authMechanism=PASSWORD`),
};

const oldOptions = () =>
  printed(
    {
      'app.cjs': `new (require('mongodb').MongoClient)('${H}', { useNewUrlParser: true, useUnifiedTopology: true })`,
    },
    ['app.cjs'],
  );
