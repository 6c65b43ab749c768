import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { endTree } from '../../processes/end-tree.mjs';
import { median } from '../../shared/measure.ts';
import type { Figure } from '../bench-engine/figure.ts';
import { npmRun } from './npm.ts';
import type { Workspace } from './workspace.ts';

/** The last line of a verdict on a solved lesson. */
const VERDICT = 'steps pass.';

/**
 * How long a learner with an open lesson waits from a save to its verdict.
 * @param bare the milliseconds of the yardstick's rounds
 */
export async function measureSaves(
  workspace: Workspace,
  saves: number,
  bare: readonly number[],
): Promise<Figure> {
  const child = npmRun(workspace.dir, `lesson ${workspace.lesson.number}`);
  const { stdout } = child;
  stdout.setEncoding('utf8');
  try {
    // The lesson grades once as it opens.
    await says(stdout, VERDICT);
    const app = workspace.app;
    const times: number[] = [];
    for (let save = 1; save <= saves; save++) {
      const began = performance.now();
      const graded = says(stdout, VERDICT);
      workspace.saveApp(`${app}\n// save ${save}\n`);
      await graded;
      times.push(performance.now() - began);
    }
    return {
      name: 'from save to verdict',
      value: median(times) / median(bare),
      unit: 'times',
      limit: 1,
      detail: `${Math.round(median(times))} ms, the median of ${saves} saves in npm run lesson ${workspace.lesson.number}`,
    };
  } finally {
    await endTree(child);
    await once(child, 'close');
  }
}

/** Resolves when a text arrives. @throws Error when the output ends before */
async function says(output: Readable, words: string): Promise<void> {
  let heard = '';
  return new Promise((resolve, reject) => {
    const ended = () => {
      output.off('data', listen);
      reject(new Error(`the lesson ended before it said "${words}":\n${heard}`));
    };
    const listen = (text: string) => {
      heard += text;
      if (!heard.includes(words)) return;
      output.off('data', listen);
      output.off('end', ended);
      resolve();
    };
    output.on('data', listen).once('end', ended);
  });
}
