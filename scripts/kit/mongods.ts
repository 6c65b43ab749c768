import { copyFileSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { mongodFor } from '../mongo/download.ts';
import { Unavailable } from '../mongo/probe.ts';
import { halvesOf, type Platform } from './platforms.ts';

/** The platforms with a mongod in the kit, and the reason for the others. */
export interface Mongods {
  readonly there: readonly Platform[];
  /** A clause for a sentence; empty when nothing is missing. */
  readonly why: string;
}

/** Copies a mongod for each platform into `to`, where one can be downloaded. Downloads are kept in `cache`. */
export async function collectMongods(
  platforms: readonly Platform[],
  cache: string,
  to: string,
): Promise<Mongods> {
  if (process.env.WORKSHOP_MONGO === 'embedded') return { there: [], why: 'WORKSHOP_MONGO is embedded' };
  const there: Platform[] = [];
  const reasons = new Set<string>();
  for (const platform of platforms) {
    try {
      const binary = await mongodFor(halvesOf(platform), cache);
      mkdirSync(to, { recursive: true });
      for (const path of [binary, `${binary}.md5`]) copyFileSync(path, join(to, basename(path)));
      there.push(platform);
    } catch (error) {
      // A kit without mongod works: the embedded engine is used.
      reasons.add(error instanceof Unavailable ? error.message : `MongoDB makes none for ${platform}`);
    }
  }
  return { there, why: [...reasons].join('; ') };
}
