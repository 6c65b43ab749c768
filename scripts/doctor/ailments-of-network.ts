import type { Problem } from './problem.ts';

/** What can be in the way to a server. */
export const OF_NETWORK = {
  srv: {
    says: ['querySrv ENOTFOUND _mongodb._tcp.…', 'querySrv ECONNREFUSED', 'queryTxt ETIMEOUT'],
    cause:
      'mongodb+srv:// asks DNS for a list of servers (SRV), and there is none or the DNS server refuses.',
    fix: 'Compare the host with the one your provider shows. If it is right, use another DNS server.',
    lesson: 5,
  },
  dns: {
    says: ['getaddrinfo ENOTFOUND …', 'getaddrinfo EAI_AGAIN …'],
    cause: 'The host has no address: a typing error, no network, or a name only another network knows.',
    fix: 'Compare the host letter by letter, and see whether the network is there.',
    lesson: 5,
  },
  localhost: {
    says: ['connect ECONNREFUSED ::1:27017'],
    cause: 'localhost has two addresses, ::1 and 127.0.0.1, and MongoDB listens on only one of them.',
    fix: 'Write 127.0.0.1 for the host.',
    lesson: 5,
  },
  'host-away': {
    says: ['connect ECONNREFUSED …', 'Server selection timed out after 30000 ms'],
    cause: 'No MongoDB listens at that address, or a firewall lies in between.',
    fix: 'Start MongoDB there. On Atlas: resume the cluster and allow your IP address (Network Access).',
    lesson: 5,
  },
  'dead-store': {
    says: ['Topology is closed'],
    cause: 'A store whose first connection failed stays dead, even when the database comes back.',
    fix: 'Give the store a callback, say there that the database is away, and make a new store later.',
    lesson: 5,
  },
  tls: {
    says: ['self-signed certificate', 'certificate has expired', 'wrong version number', 'tlsv1 alert …'],
    cause: 'The two sides do not agree on encryption, or the certificate is not trusted.',
    fix: 'Trust the server by tlsCAFile=…, use the host name its certificate has, or add or drop tls=true.',
  },
  'tls-unchecked': {
    says: [],
    cause: 'The certificate is not checked, so whoever stands in between can read the password.',
    fix: 'Use tlsCAFile=… with the right authority, and drop this option.',
  },
  silent: {
    says: ['Server selection timed out after 30000 ms', 'connection … to … timed out'],
    cause: 'Something accepts the connection and never answers: an overloaded server, or no MongoDB at all.',
    fix: 'See that host and port are those of MongoDB, and that it is not overloaded.',
    lesson: 5,
  },
  hello: {
    says: ['connection … to … closed', 'reports maximum wire version'],
    cause: 'What answers there does not speak with this driver.',
    fix: 'See that host and port are those of a MongoDB, 4.2 or later, and add tls=true if it wants TLS.',
  },
  'replica-set': {
    says: ['Server selection timed out after 30000 ms', 'ReplicaSetNoPrimary'],
    cause:
      'The server sends the driver on to the members of its replica set, which cannot be reached by these names.',
    fix: 'Reach the members by the names they have in rs.conf(), or add directConnection=true for one server.',
  },
} as const satisfies Record<string, Problem>;
