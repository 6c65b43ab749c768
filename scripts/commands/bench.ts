import { availableParallelism, cpus, platform, release } from 'node:os';
import { startMongo } from '../mongo/index.ts';
import { CONNECTIONS } from '../proof/bench-shop/load.ts';
import { type Effort, measure } from '../proof/bench-shop/measure.ts';
import { isSound, renderPages } from '../proof/bench-shop/table.ts';
import { readArguments } from '../shared/arguments.ts';
import { EXIT, UsageError } from '../shared/errors.ts';

const THOROUGH: Effort = { rounds: 3, seconds: 3 };
const QUICK: Effort = { rounds: 1, seconds: 1 };

/** `npm run bench`: the finished shop under load, on MemoryStore and on MongoDBStore. Exit code 1 when a page costs too much, or fails. */
export async function main(args: string[]): Promise<number> {
  const { values, positionals } = readArguments(args, {
    json: { type: 'boolean' },
    quick: { type: 'boolean' },
  });
  if (positionals.length)
    throw new UsageError(`npm run bench takes no words, and was given ${positionals.join(' ')}.`);
  const effort = values.quick ? QUICK : THOROUGH;

  const mongo = await startMongo();
  if (!values.json)
    console.log(
      `\n  ${about()} · ${mongo.kind} ${mongo.version}${values.quick ? '' : ' · takes about a minute'}\n`,
    );
  const pages = await measure(mongo, effort);
  await mongo.stop();

  if (values.json) {
    const { kind, version } = mongo;
    const report = {
      schema: 1,
      machine: about(),
      engine: { kind, version },
      connections: CONNECTIONS,
      ...effort,
      pages,
    };
    console.log(JSON.stringify(report, null, 2));
  } else {
    console.log(indented(renderPages(pages)));
    console.log(
      `\n  ${CONNECTIONS} connections. Shop, load and database share this machine, so compare ratios.`,
    );
    console.log('  A look asks no store: how far its ratio is from 1 is the noise in all of them.');
  }
  return isSound(pages) ? EXIT.ok : EXIT.notYet;
}

/** 'Intel(R) Xeon(R) …, 2 cores, linux 6.1 · Node 20.20.2' */
function about(): string {
  const model = cpus()[0]?.model.trim() || 'unknown processor';
  return `${model}, ${availableParallelism()} cores, ${platform()} ${release()} · Node ${process.versions.node}`;
}

const indented = (text: string) => text.replace(/^/gm, '  ');
