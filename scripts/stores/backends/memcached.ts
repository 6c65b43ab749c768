import { once } from 'node:events';
import { connect } from 'node:net';
import getPort from 'get-port';
import { findProgram, runProgram, startProgram, unprivileged } from './server-program.ts';
import type { Backend, Missing } from './types.ts';

export async function startMemcached(): Promise<Backend | Missing> {
  const path = findProgram('memcached');
  if (!path) {
    return {
      missing: 'there is no memcached on this machine',
      how: ['Debian, Ubuntu   sudo apt install memcached', 'macOS            brew install memcached'],
    };
  }
  const version = /[\d.]+/.exec(await runProgram(path, ['--version']))?.[0];
  const user = unprivileged('memcache');
  return {
    words: `memcached ${version}`,
    // One server for each place: memcached has no databases.
    place: async () => {
      const port = await getPort({ host: '127.0.0.1' });
      const end = await startProgram(path, ['-p', `${port}`, '-U', '0', '-l', '127.0.0.1'], user, () =>
        ask(port, 'version', /\r\n$/),
      );
      return {
        url: `memcached://127.0.0.1:${port}`,
        isServer: true,
        ends: true,
        dump: () => dump(port),
        putOther: async (word) => {
          await ask(port, `set others 0 0 ${word.length}\r\n${word}`, /\r\n$/);
        },
        schema: async () => [],
        remove: end,
      };
    },
    stop: async () => {},
  };
}

/** Every key with its end, and its value. */
async function dump(port: number): Promise<string> {
  const all = await ask(port, 'lru_crawler metadump all', /END\r\n$/);
  // Expired keys are listed until a client asks for them.
  const keys = all.replaceAll(/^key=\S+ exp=(\d+) .*\r\n/gm, (line, exp) =>
    Number(exp) * 1000 < Date.now() ? '' : line,
  );
  const names = [...keys.matchAll(/^key=(\S+)/gm)].map(([, key = '']) => decodeURIComponent(key));
  const values = await Promise.all(names.map((name) => ask(port, `get ${name}`, /END\r\n$/)));
  // `la` and `cas` are numbers that look like times.
  const ends = keys.replaceAll(/ (?:la|cas)=\d+/g, '');
  return [decodeURIComponent(ends), ...values].join('\n');
}

async function ask(port: number, command: string, end: RegExp): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port }).setEncoding('utf8');
  await once(socket, 'connect');
  socket.write(`${command}\r\n`);
  let answer = '';
  for await (const text of socket) {
    answer += text;
    if (end.test(answer) || answer.startsWith('ERROR')) break;
  }
  socket.destroy();
  return answer;
}
