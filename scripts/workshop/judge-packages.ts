import { bundled } from './compiled-start.ts';
import { provideLater } from './provide.ts';

/** Has the packages that judges import loaded from a file each. After the judges are imported it would have no effect. */
export function provideForJudges(): void {
  provideLater(bundled('packages.cjs'), 'mongodb');
  provideLater(bundled('supertest.cjs'), 'supertest');
  provideLater(bundled('redis.cjs'), 'redis');
}
