import { randomUUID } from 'node:crypto';
import { Router } from 'express';
import { type Examination, examine, LONGEST_WAIT, type Treatment } from './examination.ts';
import { type ConnectionInfo, type Problem, symptoms } from './patients.ts';

/** One treatment for each patient. It takes the connection, and returns the options of the store. */
export type Treatments = Readonly<
  Record<Problem, (connection: ConnectionInfo) => Treatment | Promise<Treatment>>
>;

/** The connection string as the patient came with it. */
const untreated = ({ uri }: ConnectionInfo): Treatment => ({ uri });

/**
 * A page to try treatments on (lesson 5). Each patient is examined on a real store: as it came, and as treated.
 * @param connections the patients; without them the clinic is closed
 */
export function clinic(
  connections: Readonly<Record<Problem, ConnectionInfo>> | undefined,
  treatments: Treatments,
): Router {
  const router = Router();
  const waiting = symptoms.flatMap((symptom) => {
    const connection = connections?.[symptom.problem];
    return connection
      ? [{ ...symptom, connection, shownUri: withoutPassword(connection.uri, connection) }]
      : [];
  });

  router.get('/', (_req, res) => {
    res.render('clinic', { waiting });
  });

  router.post('/:problem', async (req, res, next) => {
    const patient = waiting.find(({ problem }) => problem === req.params.problem);
    if (!patient) {
      next();
      return;
    }
    const connection = newVisit(patient.problem, patient.connection);
    const isTreated = req.body?.as === 'treated';
    const { said, ...rest } = await visit(connection, isTreated ? treatments[patient.problem] : untreated);
    const heard = said.map(({ call, words }) => ({ call, words: withoutPassword(words, connection) }));
    const finding: Examination = { ...rest, said: heard };
    res.render('clinic', { waiting, patient, isTreated, finding, longestWait: LONGEST_WAIT });
  });

  return router;
}

/** The last patient's database starts again for each `appName`, so it is still starting at every visit. */
function newVisit(problem: Problem, connection: ConnectionInfo): ConnectionInfo {
  return problem === 'dead-store'
    ? { ...connection, uri: `${connection.uri}&appName=${randomUUID()}` }
    : connection;
}

async function visit(connection: ConnectionInfo, treat: Treatments[Problem]): Promise<Examination> {
  let treatment: Treatment;
  try {
    treatment = await treat(connection);
    if (typeof treatment?.uri !== 'string')
      throw new TypeError('the treatment returned no object with a uri');
  } catch (error) {
    console.error(error);
    return { state: 'fails', said: [{ call: 'treatment', words: (error as Error).message }] };
  }
  return examine(treatment);
}

/** Drivers print hosts and options. A password that is not encoded may be read as one of them. */
function withoutPassword(text: string, { password }: ConnectionInfo): string {
  if (!password) return text;
  // Longest first: the whole password, then the pieces between the characters that were not encoded.
  const secrets = [encodeURIComponent(password), password, ...password.split(/[/@]/)];
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, '•••'), text);
}
