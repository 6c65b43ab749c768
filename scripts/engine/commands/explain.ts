import { checkCommand, docArg, textArg } from '../args.ts';
import { CommandError, notSupported } from '../errors.ts';
import type { Handler, Handlers } from './call.ts';

/** The commands that mongod can explain (MongoDB manual, "explain"). */
const EXPLAINED = 'find aggregate count distinct update delete findAndModify findandmodify'.split(' ');

const VERBOSITIES = ['queryPlanner', 'executionStats', 'allPlansExecution'];

const NOTE =
  'This is a stub: the embedded engine finds documents by _id or by looking at all of them, and plans nothing. A real mongod explains.';

/** Has no plans, and says so where readers and programs look for one. Runs nothing. */
const explain: Handler = ({ command, database }) => {
  checkCommand(command, 'explain', ['verbosity']);
  const verbosity = command.get('verbosity');
  if (verbosity !== undefined && !VERBOSITIES.includes(verbosity as string)) {
    throw new CommandError(
      2,
      `Enumeration value '${verbosity}' for field 'explain.verbosity' is not a valid value.`,
    );
  }
  // Compass draws its figures from these; without them it would show that nothing was found.
  if (verbosity === 'executionStats') throw notSupported('explain with executionStats');
  const explained = docArg(command, 'explain', 'explain');
  const [name = ''] = explained?.keys() ?? [];
  if (explained === undefined || !EXPLAINED.includes(name)) {
    throw new CommandError(59, `Explain failed due to unknown command: ${name}`);
  }
  return {
    explainVersion: '1',
    queryPlanner: {
      namespace: `${database}.${textArg(explained, name, name)}`,
      winningPlan: { stage: 'STUB', note: NOTE },
      rejectedPlans: [],
    },
    command: explained,
    note: NOTE,
    ok: 1,
  };
};

export const EXPLAIN: Handlers = { explain };
