import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { removeSync } from '../../setup/files.mjs';
import { startCommand } from './start-command.ts';

function wordsFor(scripts: Record<string, string>, files: readonly string[] = []): string {
  const dir = mkdtempSync(join(tmpdir(), 'workshop-test-'));
  onTestFinished(() => removeSync(dir));
  for (const file of files) {
    mkdirSync(join(dir, file, '..'), { recursive: true });
    writeFileSync(join(dir, file), '');
  }
  return startCommand({ dir, name: '', version: '', scripts, main: undefined, dependencies: [] }).words;
}

it('npm start, and before the app was built the script that runs its sources', () => {
  const scripts = { start: 'node dist/index.js', dev: 'nodemon --exec ts-node src/index.ts' };
  expect(wordsFor(scripts, ['dist/index.js'])).toBe('npm start');
  expect(wordsFor(scripts)).toBe('npm run dev');
  // There is no other script: the app's own error shows what is missing.
  expect(wordsFor({ start: 'node dist/index.js' })).toBe('npm start');
});

it('a file that is there, where the scripts name another', () => {
  const scripts = { start: 'node index.js', dev: 'nodemon index.js' };
  expect(wordsFor(scripts, ['src/index.js'])).toBe('node src/index.js');
});

it('what a script starts in the background runs in the foreground', () => {
  const start = 'cross-env NODE_ENV=production pm2 start app.js --name shop';
  expect(wordsFor({ start }, ['app.js'])).toBe('node app.js');
  expect(() => wordsFor({ start: 'docker compose up' })).toThrow(/in the background or in a container/);
});

it('a server runs alone, not beside a compiler that builds it again, nor a front end', () => {
  const scripts = {
    start: 'concurrently -k "npm run watch" "npm run nodemon"',
    watch: 'tsc -w',
    nodemon: 'nodemon dist/app.js --ignore src/',
  };
  expect(wordsFor(scripts, ['dist/app.js'])).toBe('node dist/app.js');
  expect(wordsFor(scripts)).toBe('npm start');
  const both = { start: 'concurrently "npm run server" "cd client && npm start"', server: 'nodemon app.js' };
  expect(wordsFor(both, ['app.js'])).toBe('node app.js');
});

it('a file that is named without its ending, or by its folder, is there', () => {
  const scripts = { start: 'node ./server', dev: 'nodemon server' };
  expect(wordsFor(scripts, ['server.js'])).toBe('npm start');
  expect(wordsFor(scripts, ['server/index.js'])).toBe('npm start');
});

it('a script of a front end starts no server', () => {
  expect(wordsFor({ start: 'react-scripts start', server: 'node api.js' }, ['api.js'])).toBe(
    'npm run server',
  );
  expect(() => wordsFor({ start: 'vite' })).toThrow(/starts a front end/);
});
