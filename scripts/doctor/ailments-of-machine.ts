import type { Problem } from './problem.ts';

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
    says: ['EACCES: permission denied', 'EROFS: read-only file system'],
    cause: 'The folder .workshop, where progress and copies are kept, cannot be written.',
    fix: 'Make .workshop a folder that you may write to, or delete it.',
  },
  disk: {
    says: ['ENOSPC: no space left on device'],
    cause: 'The disk is almost full; a mongod and its files need about 1 GB.',
    fix: 'Free some space on this disk.',
  },
  port: {
    says: ['EADDRINUSE', 'listen EACCES'],
    cause: 'No port can be listened on.',
    fix: 'See whether a firewall or a sandbox forbids programs to listen on a port.',
  },
  engine: {
    says: ['WORKSHOP_MONGO is …', '… did not start'],
    cause: 'The in-memory Mongo that the lessons run on cannot be had as it was asked for.',
    fix: 'Set WORKSHOP_MONGO=embedded, which needs no download, or run npm run mongod.',
  },
  proxy: {
    says: ['ERR_INVALID_URL'],
    cause: 'A proxy variable holds something that is no URL.',
    fix: 'Set it to http://HOST:PORT, or unset it.',
  },
  memory: {
    says: ['JavaScript heap out of memory'],
    cause: 'This machine has little memory; the shop, its judge and an editor need about 1 GB.',
    fix: 'Close other programs while you work, above all browsers with many tabs.',
  },
  'slow-start': {
    says: [],
    cause: 'Programs start slowly here, most often because a virus scanner reads each one first.',
    fix: "Ask whoever looks after this machine to exempt Node and the workshop's folder from the scanner.",
  },
  kit: {
    says: ['This kit is damaged: …', 'npm error code EINTEGRITY'],
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
