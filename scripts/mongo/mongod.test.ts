import { expect, it } from 'vitest';
import { quarantine } from './mongod.ts';

it('names the quarantine of macOS when that is what kills a mongod, and nowhere else', () => {
  const killed = Object.assign(new Error('Command failed'), { signal: 'SIGKILL' });
  const words = quarantine('/a b/mongod', killed, 'darwin');
  expect(words).toBe(
    'macOS may hold it in quarantine: xattr -d com.apple.quarantine "/a b/mongod" releases it. ',
  );
  expect(quarantine('/a b/mongod', killed, 'linux')).toBe('');
  expect(quarantine('/a b/mongod', new Error('ENOENT'), 'darwin')).toBe('');
});
