'use strict';
// Many apps have their connection string in the source. The driver always connects to the audit's Mongo: with the same database
// name, without the hosts, users and TLS settings.

/** Options of a client that only fit the app's own deployment. */
const OF_THE_DEPLOYMENT =
  /^(?:tls|ssl|sslvalidate|auth|authsource|authmechanism|authmechanismproperties|replicaset|replsetname?|loadbalanced|directconnection|srv\w*|proxy\w*|user|username|password|pass|autoencryption|family|readpreference\w*|maxstalenessseconds|readconcern\w*|cert|key|ca|servername|checkserveridentity)/i;

/** @param {{ mongo?: number, report: (message: object) => void }} options `mongo` is the port of the audit's Mongo */
exports.hooks = ({ mongo, report }) => {
  if (!mongo) return [];
  const rewritten = (uri) => rewrite(String(uri), mongo, report);
  return [
    {
      // Drivers 4 to 7: the constructor of every client parses its string here.
      file: /\/mongodb\/lib\/connection_string\.js$/,
      change: (exports) => {
        const { parseOptions } = exports;
        if (typeof parseOptions !== 'function') return;
        exports.parseOptions = (uri, client, options) =>
          parseOptions(rewritten(uri), client, cleaned(options));
      },
    },
    {
      // Driver 3. Early drivers 4 have a function of that name, which gets no string.
      file: /\/mongodb\/lib\/operations\/connect\.js$/,
      change: (exports) => {
        const { connect } = exports;
        if (typeof connect !== 'function') return;
        exports.connect = (client, uri, options, callback) =>
          typeof uri === 'string'
            ? connect(client, rewritten(uri), cleaned(options), callback)
            : connect(client, uri, options, callback);
      },
    },
    {
      // Mongoose 5 parses a string itself, to find its hosts.
      file: /\/(?:mongodb\/lib\/core|mongodb-core\/lib)\/uri_parser\.js$/,
      change: (parse) =>
        typeof parse === 'function' ? (uri, ...rest) => parse(rewritten(uri), ...rest) : undefined,
    },
  ];
};

function cleaned(options) {
  if (!options) return options;
  return Object.fromEntries(Object.entries(options).filter(([name]) => !OF_THE_DEPLOYMENT.test(name)));
}

function rewrite(uri, port, report) {
  const match = /^mongodb(?:\+srv)?:\/\/(?:.*@)?([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(uri.trim());
  // An invalid connection string must fail in the app as always.
  if (!match) return uri;
  const [, hosts = '', database = '', query = ''] = match;
  if (hosts !== `127.0.0.1:${port}`) report({ kind: 'redirected', from: hosts, to: 'mongo' });
  // Without the audit's name when an app appends its own: mongodb://127.0.0.1:PORT/audit/shop.
  const name = database.replace(/^audit\/(?=.)/, '');
  const kept = query.split('&').filter((pair) => pair !== '' && !OF_THE_DEPLOYMENT.test(pair));
  return `mongodb://127.0.0.1:${port}/${name}${kept.length ? `?${kept.join('&')}` : ''}`;
}
exports.rewrite = rewrite;
