'use strict';
// Many apps have their connection string in the source. Whatever it says, the driver connects to the audit's Mongo: same database
// name, none of the hosts, users and TLS settings.

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
      // Driver 3.
      file: /\/mongodb\/lib\/operations\/connect\.js$/,
      change: (exports) => {
        const { connect } = exports;
        if (typeof connect !== 'function') return;
        exports.connect = (client, uri, options, callback) =>
          connect(client, rewritten(uri), cleaned(options), callback);
      },
    },
  ];
};

function cleaned(options) {
  if (!options) return options;
  return Object.fromEntries(Object.entries(options).filter(([name]) => !OF_THE_DEPLOYMENT.test(name)));
}

function rewrite(uri, port, report) {
  const match = /^mongodb(?:\+srv)?:\/\/(?:.*@)?([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(uri.trim());
  // What is no connection string must fail in the app as it would anywhere.
  if (!match) return uri;
  const [, hosts = '', database = '', query = ''] = match;
  if (hosts !== `127.0.0.1:${port}`) report({ kind: 'redirected', from: hosts, to: 'mongo' });
  const kept = query.split('&').filter((pair) => pair !== '' && !OF_THE_DEPLOYMENT.test(pair));
  return `mongodb://127.0.0.1:${port}/${database}${kept.length ? `?${kept.join('&')}` : ''}`;
}
exports.rewrite = rewrite;
