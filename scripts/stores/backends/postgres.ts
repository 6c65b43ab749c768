import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import getPort from 'get-port';
import { findProgram, folderOf, runProgram, startProgram, unprivileged } from './server-program.ts';
import type { Backend, Missing } from './types.ts';

export async function startPostgres(): Promise<Backend | Missing> {
  const initdb = findProgram('initdb');
  if (!initdb || !findProgram('psql')) {
    return {
      missing: 'there is no PostgreSQL (initdb and psql) on this machine',
      how: ['Debian, Ubuntu   sudo apt install postgresql', 'macOS            brew install postgresql'],
    };
  }
  // PostgreSQL's programs are in one folder; the PATH may have a link to one of them alone.
  const home = dirname(realpathSync(initdb));
  const program = (name: string) => join(home, name);
  const user = unprivileged('postgres');
  const { folder, remove } = folderOf(user);
  const data = join(folder, 'data');
  const port = await getPort({ host: '127.0.0.1' });
  const psql = (database: string, ...args: string[]) =>
    runProgram(program('psql'), [
      '-X',
      '-A',
      '-t',
      '-h',
      '127.0.0.1',
      '-p',
      `${port}`,
      '-U',
      'shop',
      '-d',
      database,
      ...args,
    ]);
  try {
    const options = ['-D', data, '-U', 'shop', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
    await runProgram(initdb, options, user);
    const settings = {
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      timezone: 'UTC',
      fsync: 'off',
      max_connections: '300',
    };
    const flags = Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
    const end = await startProgram(program('postgres'), ['-D', data, '-p', `${port}`, ...flags], user, () =>
      psql('postgres', '-c', 'SELECT 1'),
    );
    const version = (await psql('postgres', '-c', 'SHOW server_version')).split(' ')[0]?.trim();
    let places = 0;
    return {
      words: `PostgreSQL ${version}`,
      place: async () => {
        const database = `shop${++places}`;
        await psql('postgres', '-c', `CREATE DATABASE ${database}`);
        const dump = [
          program('pg_dump'),
          ['-h', '127.0.0.1', '-p', `${port}`, '-U', 'shop', '--inserts', '--data-only', database],
        ] as const;
        return {
          url: `postgres://shop:kit-password@127.0.0.1:${port}/${database}`,
          isServer: true,
          dump: () => runProgram(...dump),
          run: async (sql) => {
            await psql(database, '-v', 'ON_ERROR_STOP=1', '-c', sql);
          },
          putOther: async (word) => {
            await psql(database, '-c', `CREATE TABLE others AS SELECT '${word}' AS word`);
          },
          schema: async () => namesOf(await psql(database, '-c', SCHEMA)),
          remove: async () => {
            await psql('postgres', '-c', `DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
          },
        };
      },
      stop: async () => {
        await end();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

const SCHEMA = `SELECT 'table ' || tablename FROM pg_tables WHERE schemaname = 'public'
  UNION ALL SELECT 'index ' || indexname FROM pg_indexes WHERE schemaname = 'public'
  UNION ALL SELECT DISTINCT 'trigger ' || trigger_name FROM information_schema.triggers WHERE trigger_schema = 'public' ORDER BY 1 DESC`;

const namesOf = (text: string) => text.split('\n').filter(Boolean);
