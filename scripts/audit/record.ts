import { createInterface } from 'node:readline';
import { EnvironmentError, UsageError } from '../shared/errors.ts';
import { Deployment, type StartOptions } from './app/deployment.ts';
import { startedOrSaid } from './app/first-start.ts';
import { type Action, describeAction } from './browse/action.ts';
import { flowOfRequests } from './browse/flow-of-requests.ts';
import { Recorder } from './browse/recorder.ts';
import type { Flow } from './browse/way.ts';

/**
 * Starts an app with the audit's own databases, and records what a person does with it in a browser.
 * @param shown gets the address to open; the recording ends when it resolves
 * @throws {UsageError} when there is no login in it, {EnvironmentError} when the app cannot be started, or ends
 */
export async function recordFlow(
  folder: string,
  options: StartOptions,
  shown: (url: string) => Promise<unknown>,
): Promise<Flow> {
  const deployment = await Deployment.open(folder, options);
  try {
    const app = await startedOrSaid(deployment);
    const recorder = await Recorder.open(app.url);
    const over = app.ended.then((how) => {
      throw new EnvironmentError(`The app’s process ${how} while it was recorded.`);
    });
    try {
      await Promise.race([shown(recorder.url), over]);
      return flowOfRequests(recorder.requests, 'The recording');
    } finally {
      await recorder.close();
    }
  } finally {
    await deployment.stop();
  }
}

/** Tells a person what to do, opens their browser, and waits for Enter. @throws {UsageError} without a terminal */
export async function untilEnter(url: string, open: (url: string) => Promise<unknown>): Promise<void> {
  if (!process.stdin.isTTY) throw new UsageError('--record ends with Enter, so it needs a terminal.');
  console.error(
    [
      `\n  The app is at ${url}, with databases of its own. In your browser:`,
      '  sign up, log out, log in, open a page that only you see, change something, log out.',
      '  Then press Enter here. Ctrl+C stops without a file.\n',
    ].join('\n'),
  );
  // Without a browser, the printed address can be copied.
  await open(url).catch(() => {});
  const lines = createInterface({ input: process.stdin });
  await new Promise<void>((resolve) => {
    lines.once('line', () => resolve());
    lines.once('close', () => resolve());
  });
  lines.close();
}

/** What a flow has, a line each, without values. */
export function flowInWords(flow: Flow): string[] {
  const actions = Object.entries(flow).filter(([name]) => name !== 'account' && name !== 'private');
  return [
    ...actions.map(([name, action]) => `${name}: ${describeAction(action as Action)}`),
    ...(flow.private ? [`private: ${flow.private}`] : []),
    ...(flow.account ? ['account: the user that logged in, with the password'] : []),
  ];
}
