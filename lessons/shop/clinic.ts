import { randomUUID } from 'node:crypto';
import { Router } from 'express';
import { type Examination, examine, LONGEST_WAIT, type Treatment } from './examination.ts';
import { type Ailment, type Chart, complaints } from './patients.ts';

/** A treatment a patient: from what is known of it to what its store is given. */
export type Treatments = Readonly<Record<Ailment, (chart: Chart) => Treatment | Promise<Treatment>>>;

/** As the patient came: the store is given the connection string and nothing else. */
const untreated = ({ uri }: Chart): Treatment => ({ uri });

/**
 * A page to try treatments on (lesson 5). Each patient is examined on a real store: as it came, and as treated.
 * @param charts the patients; without them the clinic is closed
 */
export function clinic(charts: Readonly<Record<Ailment, Chart>> | undefined, treatments: Treatments): Router {
  const router = Router();
  const waiting = complaints.flatMap((complaint) => {
    const chart = charts?.[complaint.ailment];
    return chart ? [{ ...complaint, chart, shownUri: withoutPassword(chart.uri, chart) }] : [];
  });

  router.get('/', (_req, res) => {
    res.render('clinic', { waiting });
  });

  router.post('/:ailment', async (req, res, next) => {
    const patient = waiting.find(({ ailment }) => ailment === req.params.ailment);
    if (!patient) {
      next();
      return;
    }
    const chart = newVisit(patient.ailment, patient.chart);
    const isTreated = req.body?.as === 'treated';
    const { said, ...rest } = await visit(chart, isTreated ? treatments[patient.ailment] : untreated);
    const heard = said.map(({ call, words }) => ({ call, words: withoutPassword(words, chart) }));
    const finding: Examination = { ...rest, said: heard };
    res.render('clinic', { waiting, patient, isTreated, finding, longestWait: LONGEST_WAIT });
  });

  return router;
}

/** The last patient's database starts anew for each `appName`: so each visit finds it still starting. */
function newVisit(ailment: Ailment, chart: Chart): Chart {
  return ailment === 'dead-store' ? { ...chart, uri: `${chart.uri}&appName=${randomUUID()}` } : chart;
}

async function visit(chart: Chart, treat: Treatments[Ailment]): Promise<Examination> {
  let treatment: Treatment;
  try {
    treatment = await treat(chart);
    if (typeof treatment?.uri !== 'string')
      throw new TypeError('the treatment returned no object with a uri');
  } catch (error) {
    console.error(error);
    return { state: 'fails', said: [{ call: 'treatment', words: (error as Error).message }] };
  }
  return examine(treatment);
}

/** Drivers name hosts and options in what they say, and a password in the wrong place is taken for either. */
function withoutPassword(text: string, { password }: Chart): string {
  if (!password) return text;
  // Longest first: the whole of it, and the pieces that it falls into where it was not encoded.
  const secrets = [encodeURIComponent(password), password, ...password.split(/[/@]/)];
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, '•••'), text);
}
