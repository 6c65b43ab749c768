import { createInterface } from 'node:readline/promises';
import { formatCode, readCode } from '../class/join-code.ts';
import { readAddress } from '../class/learner/address.ts';
import { askClass, NoAnswer } from '../class/learner/ask-class.ts';
import { keepMembership, readMembership } from '../class/learner/membership.ts';
import { clearQueue, waiting } from '../class/learner/queue.ts';
import { readNickname } from '../class/nickname.ts';
import { readArguments } from '../shared/arguments.ts';
import { EnvironmentError, EXIT, UsageError } from '../shared/errors.ts';

/** How long a class may take to answer, in milliseconds. */
const ANSWER_LIMIT_MS = 5000;

const WHAT_IS_SENT = `
  From now on the class hears of each verdict on your own answers:
    your nickname, by a token that the class gives to this clone,
    the lesson's number and verdict, each step's number and verdict,
    how long ago it was graded,
    the "likely" line of the first step that fails: of it, only the
    sentences that stand word for word in the workshop's own checks.
  Never sent: your code, what your shop sent or stored, paths, your
  name, your machine. npm run leave ends it, and has all of it deleted.
`;

/** `npm run join <address> <code> [nickname]`: joins a class. Before that nothing is sent to a class. */
export async function main(args: string[]): Promise<number> {
  const { positionals } = readArguments(args, {});
  const [typed, code, ...words] = positionals;
  if (typed === undefined || code === undefined)
    throw new UsageError(
      'npm run join needs the address and the code on the screen: npm run join 192.168.1.5:4600 KQ7-M2F',
    );
  const address = readAddress(typed);
  console.log(WHAT_IS_SENT);
  const nickname = readNickname(words.length ? words.join(' ') : await askForNickname());

  const before = readMembership();
  // With its token, this clone stays the same learner. The token goes only to the class that issued it.
  const token = before && before.code === readCode(code) ? { token: before.token } : {};
  const answer = await ask(address, { code, nickname, ...token });
  if (!answer.ok) throw new UsageError(answer.message);
  const joined = {
    address,
    code: String(answer.class),
    nickname: String(answer.nickname),
    token: String(answer.token),
  };
  // Queued verdicts belong to the class that they were graded in.
  const isAnother = before !== undefined && before.token !== joined.token;
  const dropped = isAnother ? waiting().length : 0;
  if (isAnother) clearQueue();
  keepMembership(joined);
  if (dropped)
    console.log(`  Dropped: ${dropped} verdicts that waited for class ${formatCode(before?.code ?? '')}.`);
  console.log(
    `  You are in class ${formatCode(joined.code)} as ${joined.nickname}. The next verdict is the first that it sees.`,
  );
  if (process.env.CI) console.log('  But CI is set here: nothing is sent while it is.');
  console.log('');
  return EXIT.ok;
}

async function askForNickname(): Promise<string> {
  if (!process.stdin.isTTY) throw new UsageError('A nickname is missing: npm run join ADDRESS CODE NICKNAME');
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await terminal.question('  Nickname (all in the room can see it): ');
  } finally {
    terminal.close();
  }
}

async function ask(address: string, body: object) {
  try {
    return await askClass({ address }, '/join', body, AbortSignal.timeout(ANSWER_LIMIT_MS));
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    throw new EnvironmentError(
      `There is no class at ${address}: ${error.message}. Is the address as on the screen, and are you in the same network?`,
    );
  }
}
