import { type Problem, reported } from './problem.ts';

/** Problems on the way to a server. */
export const OF_NETWORK = {
  srv: {
    says: [
      'querySrv ENOTFOUND …',
      ...reported('querySrv ENODATA …'),
      'querySrv EBADNAME …',
      ...reported('queryTxt ENOTFOUND …', 'No addresses found at host'),
      ...reported('mongodb+srv URI does not have hostname, domain name and tld'),
      ...reported('Server record does not share hostname with parent URI'),
    ],
    cause: 'mongodb+srv:// asks DNS for a list of servers (SRV), and for this name there is none.',
    fix: 'Compare the host with the one your provider shows; a single server of your own wants mongodb:// without +srv.',
    lesson: 5,
  },
  'srv-resolver': {
    says: [
      'querySrv ECONNREFUSED …',
      'querySrv ETIMEOUT …',
      ...reported(
        'querySrv ESERVFAIL …',
        'querySrv EREFUSED …',
        'querySrv ETIMEDOUT …',
        'querySrv ENOTIMP …',
        'queryTxt ETIMEOUT …',
        'queryTxt ECONNREFUSED …',
        'queryTxt ESERVFAIL …',
        'queryTxt EREFUSED …',
        'queryA ETIMEOUT …',
      ),
    ],
    cause:
      'The DNS server that Node asks gives no answer to the SRV question of mongodb+srv://. Node has its own list of DNS servers: nslookup may work all the same.',
    fix: "Look at dns.getServers(). If it is 127.0.0.1, another Node version or dns.setServers(['1.1.1.1']) helps; else another network or DNS server. Atlas also shows a mongodb:// form, which asks for no SRV (Connect, driver version 2.2.12 or later).",
    lesson: 5,
  },
  dns: {
    says: [
      { text: 'getaddrinfo ENOTFOUND …', pattern: /(?:getaddrinfo )?\bENOTFOUND\b/ },
      { text: 'getaddrinfo EAI_AGAIN …', pattern: /\bEAI_AGAIN\b/, reported: true },
      ...reported('getaddrinfo EAI_FAIL …', 'getaddrinfo ENODATA …'),
    ],
    cause:
      'The host has no address: a typing error, no network, or a name only another network knows, such as that of a service in a compose file. With an @ in the password its tail is taken for the host.',
    fix: 'Compare the host letter by letter, and see whether the network is there. A service name works only inside its compose network.',
    lesson: 5,
  },
  localhost: {
    says: [
      {
        text: 'connect ECONNREFUSED ::1:27017',
        pattern: /connect ECONNREFUSED \[?::1\]?:\d+/,
        reported: true,
      },
    ],
    cause:
      'localhost has two addresses, ::1 and 127.0.0.1, and the server listens on only one of them, or is not started.',
    fix: 'Start the server, and write 127.0.0.1 for the host.',
    lesson: 5,
  },
  'host-away': {
    says: [
      { text: 'connect ECONNREFUSED …', pattern: /(?:connect )?\bECONNREFUSED\b/ },
      ...reported('connect EHOSTUNREACH …', 'connect ENETUNREACH …', 'connect EHOSTDOWN …'),
    ],
    cause:
      'No program listens at that address and port, or a firewall lies in between. In a container localhost is the container itself.',
    fix: 'Start the program that is meant there (27017: MongoDB, 6379: Redis). From a container use the service name, or host.docker.internal, for localhost.',
    lesson: 5,
  },
  'no-server': {
    says: [
      {
        text: 'Server selection timed out after 30000 ms',
        pattern: /Server selection timed out after \d+ ms/,
        echo: true,
      },
      { text: 'Error connecting to db: …', echo: true },
    ],
    cause:
      'In that time the driver found no server that it may use: none answered, none is the primary, or none has the name of the set. The message alone does not say which.',
    fix: 'Print error.reason: it names each server with its type and its own error, which this index explains. npm run doctor looks at the servers of MONGODB_URI.',
    lesson: 5,
  },
  'host-silent': {
    says: [
      { text: 'connect ETIMEDOUT …', pattern: /(?:connect )?\bETIMEDOUT\b/, reported: true },
      {
        text: 'ServerSelectionError: connection timed out',
        pattern: /(?:ServerSelection|NetworkTimeout)Error: connection timed out/,
        reported: true,
      },
    ],
    cause:
      'Packets to that address get no answer: a firewall drops them, or the machine is not there. Atlas does so at times to addresses that are not on its list.',
    fix: 'On Atlas: resume the cluster, and add your address under Network Access. Elsewhere see host, port and firewall; some networks forbid port 27017.',
    lesson: 5,
  },
  'ip-access-list': {
    says: [
      'tlsv1 alert internal error',
      ...reported(
        'SSL alert number 80',
        'Could not connect to any servers in your MongoDB Atlas cluster',
        "you're trying to access the database from an IP that isn't whitelisted",
      ),
      {
        text: 'connection <monitor> to … closed',
        pattern: /connection <monitor> to \S+ closed/,
        reported: true,
      },
      {
        text: 'connection … to … closed … mongodb.net',
        pattern:
          /mongodb\.net[\s\S]*connection (?:<monitor>|\d+) to \S+ closed|connection (?:<monitor>|\d+) to \S+ closed[\s\S]*mongodb\.net/,
        reported: true,
      },
    ],
    cause:
      'MongoDB Atlas breaks off connections of addresses that are not on its IP access list. Yours may have changed.',
    fix: 'In Atlas, under Network Access, add the address that this machine has now. See that the cluster is not paused.',
    lesson: 5,
  },
  'connection-closed': {
    says: [
      { text: 'connection … to … closed', pattern: /connection (?:<monitor>|\d+) to \S+ closed/ },
      { text: 'read ECONNRESET', pattern: /\bECONNRESET\b/, reported: true },
      ...reported(
        'write EPIPE',
        'Client network socket disconnected before secure TLS connection was established',
        'Socket closed after … during connection establishment',
      ),
    ],
    cause:
      'The server or something in between hung up: a restart, an idle connection that was cut, a list of allowed addresses, or a port that wants TLS.',
    fix: "See the server's log at that moment. On Atlas: is your address on the IP access list? Once in a while it is a restart, and the driver connects anew.",
    lesson: 10,
  },
  'dead-store': {
    says: [
      'Topology is closed',
      ...reported(
        'Topology was destroyed',
        'pool destroyed',
        'pool was destroyed',
        'Client must be connected before running operations',
      ),
    ],
    cause:
      'The client is closed, or its first connection failed: a store whose first connection failed stays dead, even when the database comes back.',
    fix: 'Give the store a callback, say there that the database is away, and connect its client again later. Close the client only after the last request.',
    lesson: 5,
  },
  tls: {
    says: [
      'self-signed certificate',
      ...reported('unable to verify the first certificate'),
      ...reported(
        'self signed certificate in certificate chain',
        'unable to get local issuer certificate',
        'unable to get issuer certificate',
        'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      ),
    ],
    cause:
      "The server's certificate is signed by an authority that Node does not know: one of your own, or of a company's proxy or virus scanner.",
    fix: 'Trust that authority by tlsCAFile=… in the string, or NODE_EXTRA_CA_CERTS=… for the process. Do not turn the check off.',
  },
  'tls-expired': {
    says: [...reported('certificate has expired'), ...reported('certificate is not yet valid')],
    cause: "The server's certificate is past its time, or this machine's clock is wrong.",
    fix: 'Renew the certificate on the server, and see that this clock is right.',
  },
  'tls-host': {
    says: ["Hostname/IP does not match certificate's altnames"],
    cause: 'The certificate was made for another host name than the one in the string.',
    fix: 'Write the host name that the certificate was made for; an IP address works only if the certificate has it.',
  },
  'tls-protocol': {
    says: [
      'wrong version number',
      ...reported(
        'packet length too long',
        'sslv3 alert handshake failure',
        'ssl/tls alert handshake failure',
        'tlsv1 alert protocol version',
        'unsupported protocol',
        'tlsv1 unrecognized name',
        'SSL routines:ssl3_get_record',
      ),
    ],
    cause: 'One side speaks TLS and the other does not, or they have no version of TLS in common.',
    fix: 'Drop tls=true if this server has no TLS, or add it if it has; see that the port is right; update the older side.',
  },
  'tls-client': {
    says: reported(
      'tlsv13 alert certificate required',
      'peer did not return a certificate',
      'tlsv1 alert unknown ca',
      'no SSL certificate provided by peer',
    ),
    cause: "The server wants a certificate of the client, or does not trust the client's.",
    fix: 'Add tlsCertificateKeyFile=… with a certificate that the server trusts.',
  },
  'tls-unchecked': {
    says: [],
    cause: 'The certificate is not checked, so whoever stands in between can read the password.',
    fix: 'Use tlsCAFile=… with the right authority, and drop this option.',
  },
  silent: {
    says: [
      { text: 'connection … to … timed out', pattern: /connection (?:<monitor>|\d+) to \S+ timed out/ },
      ...reported("Socket 'connect' timed out after … (connectTimeoutMS: …)"),
      ...reported("Socket 'secureConnect' timed out after …"),
    ],
    cause:
      'Something accepts the connection and does not answer in time: an overloaded server, a slow query, or no MongoDB at all.',
    fix: 'See that host and port are those of MongoDB, that it is not overloaded, and that socketTimeoutMS is longer than its slowest answer.',
    lesson: 5,
  },
  hello: {
    says: [],
    cause: 'What answers there does not speak the protocol of this driver.',
    fix: 'See that host and port are those of a MongoDB, 4.2 or later, and add tls=true if it wants TLS.',
  },
  'driver-too-old': {
    says: reported('Unsupported OP_QUERY command', 'reports minimum wire version'),
    cause:
      'The server no longer takes the commands of a driver as old as this one. MongoDB 5.1 and later refuse OP_QUERY.',
    fix: 'Update the package that has the driver: mongodb, mongoose or the session store. npm ls mongodb shows each copy with its version.',
  },
  'server-too-old': {
    says: [
      ...reported(
        'reports maximum wire version …, but this version of the Node.js Driver requires at least …',
      ),
    ],
    cause: 'The server is older than this driver supports. Drivers 6.22 and 7 need MongoDB 4.2 or later.',
    fix: 'Update MongoDB. Until then use the older driver that its compatibility table names.',
  },
  'replica-set': {
    says: [
      { text: 'ReplicaSetNoPrimary', echo: true },
      ...reported(
        'no primary found in replicaset or invalid replica set name',
        'No primary server available',
        'no replset config has been received',
        'not running with --replSet',
      ),
    ],
    codes: { 94: 'NotYetInitialized' },
    cause:
      'The driver knows the replica set and finds no primary in it: its members cannot be reached by their names, or the name of the set is another one.',
    fix: 'Reach the members by the names they have in rs.conf(), start the set with rs.initiate(), or add directConnection=true for one server.',
  },
  'socks-proxy': {
    says: reported(
      'Socks5 proxy rejected connection',
      'Socks5 Authentication failed',
      'Received invalid Socks5 initial handshake',
      'Proxy connection timed out',
    ),
    cause: 'The SOCKS5 proxy that proxyHost names is there, and does not connect to the server.',
    fix: 'See the name and port of the server as the proxy knows them, and proxyUsername and proxyPassword. What listens at proxyHost has to be a SOCKS5 proxy.',
  },
  'pool-timeout': {
    says: [
      'Timed out while checking out a connection from connection pool',
      {
        text: 'Connection pool for … was cleared because another operation failed with',
        reported: true,
        echo: true,
      },
    ],
    cause: 'All connections of the pool are in use, or the pool was just emptied because the server failed.',
    fix: 'Look for the first error before it. If there is none: one client for the process, not one for each request, and a larger maxPoolSize.',
    lesson: 10,
  },
} as const satisfies Record<string, Problem>;
