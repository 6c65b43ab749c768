import type { Entry } from './catalogue.ts';

/** What a machine can suffer from. */
export const OF_MACHINE = {
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
  clock: {
    says: [],
    cause: 'Cookies, TLS certificates and the TTL index compare times of two machines.',
    fix: 'Let the system set its clock over the network (NTP).',
    lesson: 9,
  },
} as const satisfies Record<string, Entry>;
