import chalk from 'chalk';
import { judgeEach } from '../../grader/judges.ts';
import { ROOT } from '../../shared/paths.ts';
import type { Count } from '../vitest.ts';
import { type Proof, Unproven } from './proofs.ts';

/** The result of a run of proofs. */
export interface Proven extends Count {
  /** How many this machine cannot run: they count neither as passed nor as failed. */
  readonly unproven: number;
  /** Those that passed. */
  readonly green: readonly Proof[];
  /** The kind of engine that they were graded on. */
  readonly engine: string;
}

/**
 * Has judges work through proofs, and prints each result at once.
 * @param print gets each line
 */
export async function prove(
  proofs: readonly Proof[],
  root = ROOT,
  print: (line: string) => void = console.log,
): Promise<Proven> {
  const count = { passed: 0, failed: 0, unproven: 0 };
  const green: Proof[] = [];
  const engine = await judgeEach(
    proofs,
    async (judge, proof) => {
      const { name } = proof;
      const wrong = await proof.run(judge);
      if (wrong instanceof Unproven) {
        count.unproven += 1;
        print(`${chalk.yellow('-')} ${name}\n    not proven here: ${wrong.reason}`);
        return;
      }
      count[wrong ? 'failed' : 'passed'] += 1;
      if (!wrong) green.push(proof);
      print(proofLine(name, wrong));
    },
    root,
  );
  return { ...count, green, engine: engine?.kind ?? 'no engine' };
}

/** The line of a proof: passed, or what is wrong. */
export function proofLine(name: string, wrong?: string): string {
  return wrong ? `${chalk.red('✗')} ${name}\n    ${wrong}` : `${chalk.green('✓')} ${name}`;
}
