import { must } from '#grader/check/check.ts';
import type { RunningShop } from '#grader/check/running-shop.ts';
import type { Stage } from '#grader/check/stage.ts';
import type { Examination } from '#shop/examination.ts';
import type { Ailment } from '#shop/patients.ts';
import { openWard, type Patient, type Ward } from '../../scripts/mongo/deployments/ward.ts';
import type { TappedCommand } from '../../scripts/mongo/tap.ts';

/** A patient of lesson 5, examined as it came and as the answer treats it. */
export interface Visits {
  readonly patient: Patient;
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

/** One ward and one shop serve a whole check: opening them for each patient would take most of its time. */
const clinics = new WeakMap<Stage, Promise<{ ward: Ward; shop: RunningShop }>>();

async function openClinic(stage: Stage): Promise<{ ward: Ward; shop: RunningShop }> {
  const ward = await openWard(stage.mongo.tap.uri);
  stage.afterwards(() => ward.close());
  return { ward, shop: stage.otherShop({ clinic: ward.charts }) };
}

/**
 * Examines a patient of the clinic twice: as it came, and treated.
 * @throws Error when it keeps sessions untreated: then the ward is broken, not the answer
 */
export async function visitsOf(stage: Stage, ailment: Ailment): Promise<Visits> {
  const opened = clinics.get(stage) ?? openClinic(stage);
  clinics.set(stage, opened);
  const { ward, shop } = await opened;
  const patient = ward.patients[ailment];

  const asItCame = await examined(stage, shop, ailment, 'untreated');
  if (asItCame.state === 'stores') throw new Error(`The patient ${ailment} is well without any treatment.`);
  patient.tap?.forget();
  const treated = await examined(stage, shop, ailment, 'treated');
  return {
    patient,
    shop,
    asItCame,
    treated,
    commands: patient.tap?.commands() ?? [],
    sent: `POST /clinic/${ailment} as=treated: a store is made as treatments.ts says, then set, get, destroy`,
    got: wordsOf(treated),
  };
}

/** Examines a patient once. */
export async function examined(
  stage: Stage,
  shop: RunningShop,
  ailment: Ailment,
  as: 'treated' | 'untreated',
): Promise<Examination> {
  const page = await stage.shopper('the doctor', shop).posts(`/clinic/${ailment}`, { as });
  const [, finding = ''] = /data-examination="([^"]*)"/.exec(page.body) ?? [];
  must(finding, {
    after: page,
    likely:
      'The page of the clinic has no examination on it. Leave app.use("/clinic", …) in app.ts as it came.',
  });
  return JSON.parse(decodeURIComponent(finding));
}

/** What a patient said, in the words of the store and the driver. */
export function wordsOf({ state, said, namespace, wait }: Examination): string {
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
