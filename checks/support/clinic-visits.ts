import { must } from '#grader/check/check.ts';
import type { RunningShop } from '#grader/check/running-shop.ts';
import type { Stage } from '#grader/check/stage.ts';
import type { Examination } from '#shop/examination.ts';
import type { Problem } from '#shop/patients.ts';
import {
  type BrokenDeployment,
  type BrokenDeployments,
  startBrokenDeployments,
} from '../../scripts/mongo/deployments/ward.ts';
import type { TappedCommand } from '../../scripts/mongo/tap.ts';

/** A patient of lesson 5, examined as it came and as the answer treats it. */
export interface Visits {
  readonly patient: BrokenDeployment;
  /** The shop that the clinic is in. */
  readonly shop: RunningShop;
  readonly asItCame: Examination;
  readonly treated: Examination;
  /** What the treated store sent to the patient's deployment. */
  readonly commands: readonly TappedCommand[];
  /** For a failing step: what was sent and what came back. */
  readonly sent: string;
  readonly got: string;
}

/** One shop and one set of deployments for a whole check: to start them for each patient would take most of its time. */
const clinics = new WeakMap<Stage, Promise<{ broken: BrokenDeployments; shop: RunningShop }>>();

async function openClinic(stage: Stage): Promise<{ broken: BrokenDeployments; shop: RunningShop }> {
  const broken = await startBrokenDeployments(stage.mongo.tap.uri);
  stage.afterwards(() => broken.close());
  return { broken, shop: stage.otherShop({ clinic: broken.connections }) };
}

/**
 * Examines a patient of the clinic twice: as it came, and treated.
 * @throws Error when it keeps sessions untreated: then the deployment is wrong, not the answer
 */
export async function visitsOf(stage: Stage, problem: Problem): Promise<Visits> {
  const opened = clinics.get(stage) ?? openClinic(stage);
  clinics.set(stage, opened);
  const { broken, shop } = await opened;
  const patient = broken.byProblem[problem];

  const asItCame = await examined(stage, shop, problem, 'untreated');
  if (asItCame.state === 'stores') throw new Error(`The patient ${problem} is well without any treatment.`);
  patient.tap?.forget();
  const treated = await examined(stage, shop, problem, 'treated');
  return {
    patient,
    shop,
    asItCame,
    treated,
    commands: patient.tap?.commands() ?? [],
    sent: `POST /clinic/${problem} as=treated: a store is made as treatments.ts says, then set, get, destroy`,
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
  const page = await stage.shopper('the doctor', shop).posts(`/clinic/${problem}`, { as });
  const [, finding = ''] = /data-examination="([^"]*)"/.exec(page.body) ?? [];
  must(finding, {
    after: page,
    likely:
      'The page of the clinic has no examination on it. Leave app.use("/clinic", …) in app.ts as it came.',
  });
  return JSON.parse(decodeURIComponent(finding));
}

/** What a patient said, in the words of the store and the driver. */
function wordsOf({ state, said, namespace, wait }: Examination): string {
  const lines = said.map(({ call, words }) => `${call}: ${words}`);
  if (state === 'stores') return `a session was stored in ${namespace}`;
  if (state === 'waits')
    return `${lines}\nand nobody hears it: the driver looks for a server for ${inSeconds(wait)}`;
  return lines.join('\n');
}

/** '30 s'. JSON has no Infinity: it arrives as null. */
export function inSeconds(ms: number | null | undefined): string {
  return ms ? `${ms / 1000} s` : 'ever';
}
