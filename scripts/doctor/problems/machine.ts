import { type Problem, reported } from './problem.ts';

/** Problems of the machine. */
export const OF_MACHINE = {
  'env-file': {
    says: ['EISDIR: illegal operation on a directory, read'],
    cause:
      'Something stands where the file .env belongs that cannot be read; Docker makes a folder of a missing mount.',
    fix: 'Remove it, and copy .env.example to .env.',
    lesson: 4,
  },
  'env-encoding': {
    says: [],
    cause:
      'Windows PowerShell writes UTF-16 by >, and an editor a byte order mark; programs then read other names.',
    fix: 'Save .env as UTF-8 without a byte order mark.',
    lesson: 4,
  },
  'env-name': {
    says: [],
    cause: 'The file or the variable has another name than the one that is read, so nothing is read.',
    fix: "Write MONGODB_URI='…' into the file .env, beside package.json.",
    lesson: 4,
  },
  packages: {
    says: ["Cannot find package '…'"],
    cause: 'node_modules does not hold what package-lock.json asks for.',
    fix: 'Run npm ci in the folder of package.json.',
  },
  'write-access': {
    says: [
      {
        text: 'EACCES: permission denied, …',
        pattern: /EACCES: permission denied, (?!bind|listen)\w+ /,
        reported: true,
      },
      ...reported('EROFS: read-only file system'),
    ],
    cause:
      'The folder that the message names, or .workshop with its progress and copies, cannot be written. In a serverless function nearly all of the disk is read-only.',
    fix: 'Make it a folder that you may write to; .workshop can also be deleted. Sessions do not belong into files there, but into a database.',
  },
  disk: {
    says: reported(
      'ENOSPC: no space left on device',
      'ENOSPC: System limit for number of file watchers reached',
    ),
    cause: 'The disk is almost full; a mongod and its files need about 1 GB.',
    fix: 'Free some space on this disk.',
  },
  port: {
    says: [
      { text: 'listen EADDRINUSE: address already in use …', pattern: /EADDRINUSE/ },
      'ERR_SOCKET_BAD_PORT',
      ...reported('listen EACCES'),
    ],
    cause:
      'Another process listens on this port already (often the same app, started twice), or the port may not be used.',
    fix: 'End the other process, or set PORT to a free number from 1024 to 65535. If none works, see whether a sandbox forbids it.',
  },
  engine: {
    says: reported('WORKSHOP_MONGO is …', 'mongod did not start'),
    cause: 'The in-memory Mongo that the lessons run on cannot be had as it was asked for.',
    fix: 'Set WORKSHOP_MONGO=embedded, which needs no download, or run npm run mongod.',
  },
  proxy: {
    says: ['ERR_INVALID_URL'],
    cause:
      'A value that should be a URL is none: it is empty, has no scheme, or, in a proxy variable, no http:// before it.',
    fix: 'Print the value. A proxy variable is http://HOST:PORT, or not set.',
  },
  memory: {
    says: [],
    cause: 'This machine has little memory; the shop, its judge and an editor need about 1 GB.',
    fix: 'Close other programs while you work, above all browsers with many tabs.',
  },
  'heap-full': {
    says: reported('JavaScript heap out of memory'),
    cause:
      'The process needs more than the limit of its heap. Where sessions are the cause: a MemoryStore keeps each of them, also those that nobody comes back for.',
    fix: 'See what grows: node --heapsnapshot-near-heap-limit=1. Keep sessions in a database. --max-old-space-size only moves the limit.',
    lesson: 1,
  },
  'slow-start': {
    says: [],
    cause: 'Programs start slowly here, most often because a virus scanner reads each one first.',
    fix: "Ask whoever looks after this machine to exempt Node and the workshop's folder from the scanner.",
  },
  kit: {
    says: reported('This kit is damaged: …', 'npm error code EINTEGRITY'),
    cause: 'A file of the kit is missing or not as it was packed: a copy stopped halfway, or a stick fails.',
    fix: 'Copy the whole folder again. If you changed these files yourself, nothing is wrong.',
  },
  clock: {
    says: [],
    cause: 'Cookies, TLS certificates and the TTL index compare times of two machines.',
    fix: 'Let the system set its clock over the network (NTP).',
    lesson: 9,
  },
} as const satisfies Record<string, Problem>;
