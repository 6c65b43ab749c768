import chalk from 'chalk';
import { judgeEach } from '../../grader/judges.ts';
import { ROOT } from '../../shared/paths.ts';
import type { Count } from '../vitest.ts';
import { type Proof, Unproven } from './proofs.ts';

/** The result of a run of proofs. */
export interface Proven extends Count {
  /** How many this machine cannot tell: they count neither as passed nor as failed. */
  readonly unproven: number;
  /** Those that passed. */
  readonly green: readonly Proof[];
  /** The kind of engine that they were graded on. */
  readonly engine: string;
}

/** Has judges work through proofs, and says each thing as it is proven. */
export async function prove(proofs: readonly Proof[], root = ROOT): Promise<Proven> {
  const count = { passed: 0, failed: 0, unproven: 0 };
  const green: Proof[] = [];
  const engine = await judgeEach(
    proofs,
    async (judge, proof) => {
      const { name } = proof;
      const wrong = await proof.run(judge);
      if (wrong instanceof Unproven) {
        count.unproven += 1;
        console.log(`${chalk.yellow('-')} ${name}\n    not proven here: ${wrong.reason}`);
        return;
      }
      count[wrong ? 'failed' : 'passed'] += 1;
      if (!wrong) green.push(proof);
      say(name, wrong);
    },
    root,
  );
  return { ...count, green, engine: engine?.kind ?? 'no engine' };
}

/** Says what was proven, or what is wrong with it. */
export function say(name: string, wrong?: string): void {
  console.log(wrong ? `${chalk.red('✗')} ${name}\n    ${wrong}` : `${chalk.green('✓')} ${name}`);
}
