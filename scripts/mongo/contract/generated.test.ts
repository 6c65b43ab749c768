import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { BSON, type Document } from 'mongodb';
import { expect, test } from 'vitest';
import { onEngine } from './engine.ts';
import { CASES, DOCUMENTS } from './generated-cases.ts';

// On mongod the embedded engine gets the same commands, and must answer alike. Without a mongod its answers are compared with those
// in the file, which names their engine. WORKSHOP_RECORD=1 writes them again, best on mongod.

const FILE = new URL('generated-answers.json', import.meta.url);
interface Recorded {
  readonly from: string;
  readonly answers: readonly string[];
}

const engine = onEngine({ promoteValues: false, promoteLongs: false });
const text = (value: unknown) => BSON.EJSON.stringify(value, { relaxed: false });
const digest = (value: unknown) => createHash('sha256').update(text(value)).digest('hex').slice(0, 12);

/** The documents that were found, in their order, or the error's code; for what was changed or projected a digest of it. */
async function answerTo(command: Document): Promise<string> {
  try {
    const reply = await engine.db.command(command);
    const [error] = reply.writeErrors ?? [];
    if (error !== undefined) return `! ${error.code}`;
    if (command.update === undefined && command.projection === undefined)
      return reply.cursor.firstBatch.map(({ _id }: Document) => Number(_id)).join();
    if (command.update === undefined) return digest(reply.cursor.firstBatch);
    const { q } = command.updates[0];
    const changed = await engine.db.command({ find: 'things', filter: q });
    await engine.db.command({ delete: 'things', deletes: [{ q, limit: 1 }] });
    await engine.db.command({ insert: 'things', documents: [DOCUMENTS[q._id]] });
    return digest(changed.cursor.firstBatch);
  } catch (error) {
    return `! ${(error as { code?: number }).code}`;
  }
}

test('generated commands are answered as recorded', async () => {
  await engine.db.command({ insert: 'things', documents: DOCUMENTS });
  const answers: string[] = [];
  for (const command of CASES) answers.push(await answerTo(command));
  const { version } = await engine.db.command({ buildInfo: 1 });
  if (process.env.WORKSHOP_RECORD)
    writeFileSync(FILE, `${JSON.stringify({ from: `${engine.kind} ${version}`, answers }, null, 2)}\n`);
  const recorded: Recorded = JSON.parse(readFileSync(FILE, 'utf8'));
  expect(answers).toHaveLength(recorded.answers.length);
  const differing = answers.flatMap((answer, at) =>
    answer === recorded.answers[at]
      ? []
      : [`${text(CASES[at])}: ${answer}, recorded ${recorded.answers[at]}`],
  );
  // mongod is compared with the embedded engine directly, so the file may come from either.
  if (recorded.from.startsWith(engine.kind) || engine.kind === 'embedded') expect(differing).toEqual([]);
});
