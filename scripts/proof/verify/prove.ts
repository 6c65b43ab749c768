import chalk from 'chalk';
import { judgeEach } from '../../grader/judges.ts';
import { ROOT } from '../../shared/paths.ts';
import type { Count } from '../vitest.ts';
import { type Proof, Unproven } from './proofs.ts';

/** What came of some proofs. */
export interface Proven extends Count {
  /** How many this machine cannot tell: they count neither as passed nor as failed. */
  readonly unproven: number;
  /** The kind of engine that they were graded on. */
  readonly engine: string;
}

/** Has judges work through proofs, and says each thing as it is proven. */
export async function prove(proofs: readonly Proof[], root = ROOT): Promise<Proven> {
  const count = { passed: 0, failed: 0, unproven: 0 };
  const engine = await judgeEach(
    proofs,
    async (judge, { name, run }) => {
      const wrong = await run(judge);
      if (wrong instanceof Unproven) {
        count.unproven += 1;
        console.log(`${chalk.yellow('-')} ${name}\n    not proven here: ${wrong.reason}`);
        return;
      }
      count[wrong ? 'failed' : 'passed'] += 1;
      say(name, wrong);
    },
    root,
  );
  return { ...count, engine: engine?.kind ?? 'no engine' };
}

/** Says what was proven, or what is wrong with it. */
export function say(name: string, wrong?: string): void {
  console.log(wrong ? `${chalk.red('✗')} ${name}\n    ${wrong}` : `${chalk.green('✓')} ${name}`);
}
