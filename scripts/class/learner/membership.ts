import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeSync } from '../../setup/files.mjs';
import { ROOT } from '../../shared/paths.ts';
import { writeState } from '../../shared/state-dir.ts';
import { clearQueue } from './queue.ts';

/** A clone's membership in a class, stored in `.workshop/class.json`. */
export interface Membership {
  /** http://192.168.1.5:4600 */
  readonly address: string;
  readonly code: string;
  readonly nickname: string;
  /** Made by the class for this clone alone. */
  readonly token: string;
}

const fileIn = (root: string) => join(root, '.workshop', 'class.json');

/** The class that this clone is in; undefined when it is in none. */
export function readMembership(root = ROOT): Membership | undefined {
  try {
    const membership = JSON.parse(readFileSync(fileIn(root), 'utf8')) as Partial<Membership>;
    const { address, code, nickname, token } = membership;
    const isWhole = [address, code, nickname, token].every((each) => typeof each === 'string' && each);
    return isWhole ? (membership as Membership) : undefined;
  } catch {
    return undefined;
  }
}

/** Stores a membership, readable by this user alone. */
export function keepMembership(membership: Membership, root = ROOT): void {
  writeState(fileIn(root), `${JSON.stringify(membership, null, 2)}\n`, root, { mode: 0o600 });
}

/** Deletes a membership and its queue. Does nothing when the clone has joined another class meanwhile. */
export function forgetMembership({ token }: Membership, root = ROOT): void {
  if (readMembership(root)?.token !== token) return;
  removeSync(fileIn(root));
  clearQueue(root);
}
