import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { TransformFailure } from 'esbuild';
import { UsageError } from '../shared/errors.ts';
import { BACKENDS, type Backend } from './backends/index.ts';
import { Site } from './kit/site.ts';
import { StoreProcess } from './kit/store-process.ts';
import { describeOutcome, isFound } from './kit/words.ts';

/**
 * Opens a store once, unless it is stopped.
 * @throws {UsageError} with the reason, when the module gives no store, or one that saves nothing, or not where it should
 */
export async function mustOpen(module: string, backend: Backend, signal: AbortSignal): Promise<void> {
  const id = `kit-first-${randomUUID()}`;
  const isMemory = await inPlace(module, backend, signal, async (store, url) => {
    const seen = await savesNothing(store, id);
    if (seen !== undefined && !signal.aborted) throw new UsageError(refusal(module, seen, backend, url));
    return url === '';
  });
  await inPlace(module, backend, signal, async (store) => {
    const get = await store.call({ method: 'get', id }, CALL_MS).catch((error: Error) => error);
    if (get instanceof Error || !isFound(get)) return;
    await store.call({ method: 'destroy', id }, CALL_MS).catch(() => {});
    throw new UsageError(elsewhere(module, isMemory === true));
  });
}

/** Works with a store in an empty place. @returns undefined when it is stopped */
async function inPlace<Result>(
  module: string,
  backend: Backend,
  signal: AbortSignal,
  work: (store: StoreProcess, url: string) => Promise<Result>,
): Promise<Result | undefined> {
  if (signal.aborted) return undefined;
  const site = await Site.of(backend);
  const store = await StoreProcess.start(module);
  const end = () => void store.end();
  signal.addEventListener('abort', end, { once: true });
  try {
    await store.load();
    await store.open({ url: site.url });
    return await work(store, site.url);
  } catch (error) {
    if (signal.aborted) return undefined;
    if (error instanceof UsageError) throw error;
    const { message } = error as Error;
    const lines = [
      `The store in ${module} cannot be opened. ${message}`,
      ...(message.startsWith('SyntaxError') ? await syntaxErrors(module) : []),
      `Its backend: ${backend.words}, at ${site.url || 'no address'}. Another one: --backend ${BACKENDS.join(' | ')}`,
    ];
    throw new UsageError(lines.join('\n'));
  } finally {
    signal.removeEventListener('abort', end);
    await store.end();
    await site.remove();
  }
}

/** How databases report a missing table. */
const NO_TABLE =
  /\b(?:relation|table)\b.{1,120}(?:does not|doesn.t) exist|no such table|ER_NO_SUCH_TABLE|\b42P01\b|\bP2021\b/is;
const SAVES_WITHIN_MS = 8000;
const CALL_MS = 5000;

/** What set() and get() said last, when no session comes back within a few seconds. Every behaviour would tell that, and nothing else. */
async function savesNothing(store: StoreProcess, id: string): Promise<string | undefined> {
  const until = performance.now() + SAVES_WITHIN_MS;
  for (;;) {
    const call = { id, data: { n: 1 }, maxAge: 600_000 };
    const set = await store.call({ method: 'set', ...call }, CALL_MS).catch((error: Error) => error);
    const get = await store.call({ method: 'get', ...call }, CALL_MS).catch((error: Error) => error);
    if (!(get instanceof Error) && isFound(get)) return undefined;
    if (store.hasEnded || performance.now() > until) {
      const said = [set, get].map((each) => (each instanceof Error ? each.message : describeOutcome(each)));
      return [`set: ${said[0]}; get: ${said[1]}`, store.printed].join('\n');
    }
    await delay(200);
  }
}

function refusal(module: string, seen: string, { words }: Backend, url: string): string {
  const table = seen.split('\n').find((line) => NO_TABLE.test(line));
  if (table !== undefined) return withoutTable(module, table.trim().slice(0, 300));
  return [
    `The store in ${module} gives no session back, so there is nothing to judge. Tried for up to ${SAVES_WITHIN_MS / 1000} s. ${seen.split('\n')[0]?.slice(0, 600)}`,
    `Its backend: ${words}${url && `, at ${url}. It must use that address, which is given to the function that the file exports: ({ url, folder }) => …`}`,
    `Another backend: --backend ${BACKENDS.join(' | ')}. A package that is older than the server may need an older one, which the kit does not have.`,
  ].join('\n');
}

const withoutTable = (module: string, said: string) =>
  [
    `The store in ${module} saves nothing, because its table is not there and it does not make it. It says: ${said}`,
    'The kit opens it on an empty database, where no migration of an app ran. Give it the table, in one of two ways:',
    '  --sql table.sql   the statements that make it: the kit runs them first, on PostgreSQL and MariaDB',
    '  or make it in that file, before the store is returned, or by an option of the store (createTableIfMissing, synchronize, …)',
  ].join('\n');

const elsewhere = (module: string, isMemory: boolean) =>
  [
    `The store in ${module} does not keep to the place that it is given: a session that it saved in one place was there in another, empty one.`,
    'The kit opens it many times, each time in an empty place of its own, and takes that place away. Its file should export',
    '  ({ url, folder }) => …   and open the store at that url, or in that folder, with no path or name of a database of its own',
    ...(isMemory
      ? ['  and be played with --backend files, or another one: it was taken for a store in memory']
      : []),
  ].join('\n');

/** Finds the line of a syntax error, which Node does not name. */
async function syntaxErrors(module: string): Promise<string[]> {
  const { transform } = await import('esbuild');
  const options = { sourcefile: module, loader: 'js', logLevel: 'silent' } as const;
  const failed = await transform(readFileSync(module, 'utf8'), options).catch((error) => error);
  return ((failed as Partial<TransformFailure>).errors ?? []).map(
    ({ location, text }) => `${module}:${location?.line ?? 1}: ${text}`,
  );
}
