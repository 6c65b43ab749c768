import { must, StepFailure } from '#grader/check/check.ts';
import type { RunningShop } from '#grader/check/running-shop.ts';
import type { Stage } from '#grader/check/stage.ts';
import type { Examination } from '#shop/examination.ts';
import type { Problem } from '#shop/patients.ts';
import {
  type BrokenDeployment,
  type BrokenDeployments,
  startBrokenDeployments,
} from '../../scripts/mongo/deployments/broken-deployments.ts';
import type { TappedCommand } from '../../scripts/mongo/tap.ts';
import { unescaped } from '../../scripts/shared/html.ts';

/** A patient of lesson 5, examined untreated, and treated by the answer. */
export interface Visits {
  readonly problem: Problem;
  readonly patient: BrokenDeployment;
  /** The shop with the clinic. */
  readonly shop: RunningShop;
  readonly asItCame: Examination;
  readonly treated: Examination;
  /** What the treated store sent to the patient's deployment. */
  readonly commands: readonly TappedCommand[];
  /** For a failing step: what was sent and what came back. */
  readonly sent: string;
  readonly got: string;
}

/** A right treatment may take long here, also when that of another patient was silent. */
const SLOW: readonly Problem[] = ['host-away', 'dead-store'];

/** One shop and one set of deployments for a whole check: starting them for each patient would take most of the check's time. */
const clinics = new WeakMap<Stage, Promise<{ broken: BrokenDeployments; shop: RunningShop }>>();

async function openClinic(stage: Stage): Promise<{ broken: BrokenDeployments; shop: RunningShop }> {
  const broken = await startBrokenDeployments(stage.mongo.tap.uri);
  stage.afterwards(() => broken.close());
  return { broken, shop: stage.otherShop({ clinic: broken.connections }) };
}

/**
 * Examines a patient of the clinic twice: untreated, and treated.
 * @throws Error when the untreated patient stores sessions: then the deployment is wrong, not the answer
 */
export async function visitsOf(stage: Stage, problem: Problem): Promise<Visits> {
  const opened = clinics.get(stage) ?? openClinic(stage);
  clinics.set(stage, opened);
  const { broken, shop } = await opened;
  const patient = broken.byProblem[problem];

  const asItCame = await examined(stage, shop, problem, 'untreated');
  if (asItCame.state === 'stores') throw new Error(`The patient ${problem} is well without any treatment.`);
  patient.tap?.forget();
  if (SLOW.includes(problem)) shop.timeLimits.lengthen();
  const treated = await examined(stage, shop, problem, 'treated');
  return {
    problem,
    patient,
    shop,
    asItCame,
    treated,
    commands: patient.tap?.commands() ?? [],
    sent: `POST /clinic/${problem} as=treated: a store is made ${treated.uri ? `of ${treated.uri}` : 'as treatments.ts says'}, then set, get, destroy`,
    got: wordsOf(treated),
  };
}

/** Examines a patient once. */
export async function examined(
  stage: Stage,
  shop: RunningShop,
  problem: Problem,
  as: 'treated' | 'untreated',
): Promise<Examination> {
  const asked = stage.shopper('the doctor', shop).posts(`/clinic/${problem}`, { as });
  const page = as === 'treated' ? await asked.catch(unending(problem)) : await asked;
  const [, finding = ''] = /data-examination="([^"]*)"/.exec(page.body) ?? [];
  must(finding, {
    after: page,
    likely:
      'The page of the clinic has no examination on it. Leave app.use("/clinic", …) in app.ts as it came.',
  });
  return JSON.parse(decodeURIComponent(unescaped(finding)));
}

/** For an examination that takes too long: the store has a time limit below that, so the treatment is the cause. */
function unending(problem: Problem): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof StepFailure) || !error.details.got?.startsWith('no answer within')) throw error;
    throw new StepFailure({
      ...error.details,
      likely: `The treatment had not returned by then. An await that nothing ends and a loop that is never left do that, and so does a long sleep.${problem === 'dead-store' ? ' This database counts attempts: a short pause between two of them is enough.' : ''}`,
      look: [new RegExp(`^\\s*['"]?${problem}['"]?\\s*[:(]`), new RegExp(problem)],
    });
  };
}

/** The result of an examination, in the words of the store and the driver. */
function wordsOf({ state, said, namespace, wait }: Examination): string {
  const lines = said.map(({ call, words }) => `${call}: ${words}`);
  if (state === 'stores') return `a session was stored in ${namespace}`;
  if (state === 'waits')
    return `${lines}\nand nobody hears it: the driver looks for a server for ${inSeconds(wait)}`;
  return lines.join('\n');
}

/** '30 s'. Infinity arrives as null, because JSON has none. */
export function inSeconds(ms: number | null | undefined): string {
  return ms ? `${ms / 1000} s` : 'ever';
}
