import { randomUUID } from 'node:crypto';
import { Router } from 'express';
import { type Examination, examine, LONGEST_WAIT, type Treatment } from './examination.ts';
import { type ConnectionInfo, type Problem, symptoms } from './patients.ts';

/** One treatment for each patient: takes the connection and returns the store's options. */
export type Treatments = Readonly<
  Record<Problem, (connection: ConnectionInfo) => Treatment | Promise<Treatment>>
>;

/** The patient's original connection string. */
const untreated = ({ uri }: ConnectionInfo): Treatment => ({ uri });

/**
 * A page to try treatments on (lesson 5). It examines each patient on a real store, before and after the treatment.
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
    const { said, uri, ...rest } = await visit(
      connection,
      isTreated ? treatments[patient.problem] : untreated,
    );
    const heard = said.map(({ call, words }) => ({ call, words: withoutPassword(words, connection) }));
    const given = uri === undefined ? {} : { uri: withoutPassword(uri, connection) };
    const finding: Examination = { ...rest, ...given, said: heard };
    res.render('clinic', { waiting, patient, isTreated, finding, longestWait: LONGEST_WAIT });
  });

  return router;
}

/** The last patient's database starts again for each new `appName`, so it is starting at every visit. */
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
  return { ...(await examine(treatment)), uri: treatment.uri };
}

/** Removes the password: drivers print hosts and options, and parts of an unencoded password may be among them. */
function withoutPassword(text: string, { password }: ConnectionInfo): string {
  if (!password) return text;
  // Longest first: the whole password, then its parts between unencoded characters.
  const secrets = [encodeURIComponent(password), password, ...password.split(/[/@]/)];
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, '•••'), text);
}
