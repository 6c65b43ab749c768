import { copyFileSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { mongodFor } from '../mongo/download.ts';
import { Unavailable } from '../mongo/probe.ts';
import { halvesOf, type Platform } from './platforms.ts';

/** Which platforms have a mongod in the kit, and why the others have none. */
export interface Mongods {
  readonly there: readonly Platform[];
  /** In half a sentence; empty where nothing is missing. */
  readonly why: string;
}

/** Puts into `to` a mongod for each platform that one can be had for. What was downloaded is kept in `cache` for the next kit. */
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
      // Without a mongod the embedded engine does its work, so a kit is whole without it as well.
      reasons.add(error instanceof Unavailable ? error.message : `MongoDB makes none for ${platform}`);
    }
  }
  return { there, why: [...reasons].join('; ') };
}
