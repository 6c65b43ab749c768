import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import express, { type Express } from 'express';
import request, { type Test } from 'supertest';
import { tidySync } from '../../../setup/files.mjs';
import { ROOT } from '../../../shared/paths.ts';

/** Provokes a message with the real package, and returns what a developer would see. */
export type Provoke = () => string | Promise<string>;
/** By message, as the catalogue has it. */
export type Provocations = Readonly<Record<string, Provoke>>;

/** The error of a function, with its stack. @throws {Error} when it throws none */
export async function thrown(run: () => unknown): Promise<string> {
  try {
    await run();
  } catch (error) {
    const { stack, message } = error as Error;
    return `${stack}\n${message}`;
  }
  throw new Error('nothing was thrown');
}

/** What a program prints on stderr and stdout. It runs in its own folder, where it finds the packages. */
export async function printed(
  files: Readonly<Record<string, string>>,
  args: readonly string[],
): Promise<string> {
  const cache = join(ROOT, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'provoked-'));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    const { NODE_OPTIONS: _, NODE_ENV: __, ...env } = process.env;
    const child = spawn(process.execPath, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return `${err}\n${out}`;
  } finally {
    tidySync(folder);
  }
}

/** Express's answer to a failing request: the stack, or the page for an unknown path. */
export async function answered(
  set: (app: Express) => void,
  ask: (agent: ReturnType<typeof request>) => Test = (agent) => agent.get('/'),
): Promise<string> {
  const app = express();
  app.set('env', 'development');
  set(app);
  let seen = '';
  app.use(((error, _req, res, _next) => {
    seen ||= `${error.stack}\n${error.message}`;
    // Middleware that failed at the end of an answer would also fail at the next end.
    res.socket?.destroy();
  }) satisfies express.ErrorRequestHandler);
  const server = createServer(app);
  const answer = await ask(request(server)).catch((error: Error) => ({ text: error.message }));
  return seen || answer.text;
}
