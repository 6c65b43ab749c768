import { join } from 'node:path';
import getPort from 'get-port';
import { findProgram, folderOf, runProgram, startProgram, unprivileged } from './server-program.ts';
import type { Backend, Missing } from './types.ts';

export async function startMariadb(): Promise<Backend | Missing> {
  const [server, install, client, dump] = [
    findProgram('mariadbd'),
    findProgram('mariadb-install-db'),
    findProgram('mariadb'),
    findProgram('mariadb-dump'),
  ];
  if (!server || !install || !client || !dump) {
    return {
      missing: 'there is no MariaDB (mariadbd, mariadb-install-db, mariadb) on this machine',
      how: ['Debian, Ubuntu   sudo apt install mariadb-server', 'macOS            brew install mariadb'],
    };
  }
  const user = unprivileged('mysql');
  const { folder, remove } = folderOf(user);
  const data = join(folder, 'data');
  const port = await getPort({ host: '127.0.0.1' });
  const at = [
    '--no-defaults',
    '--protocol=tcp',
    '-h',
    '127.0.0.1',
    '-P',
    `${port}`,
    '-u',
    'shop',
    '-pkit-password',
  ];
  const ask = (sql: string) => runProgram(client, [...at, '-N', '-B', '-e', sql]);
  try {
    await runProgram(
      install,
      ['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db'],
      user,
    );
    const socket = join(folder, 's');
    const args = [
      '--no-defaults',
      `--datadir=${data}`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      `--socket=${socket}`,
      `--pid-file=${join(folder, 'pid')}`,
      '--default-time-zone=+00:00',
      '--skip-name-resolve',
      '--max-connections=300',
      // The default of every distribution and of MySQL 8. MariaDB's own default is latin1, which has no emoji.
      '--character-set-server=utf8mb4',
      '--collation-server=utf8mb4_general_ci',
    ];
    const asRoot = ['--no-defaults', `--socket=${socket}`, '-u', 'root', '-e'];
    const end = await startProgram(server, args, user, () => runProgram(client, [...asRoot, 'SELECT 1']));
    await runProgram(client, [
      ...asRoot,
      "CREATE USER shop@'127.0.0.1' IDENTIFIED BY 'kit-password'; GRANT ALL ON *.* TO shop@'127.0.0.1'",
    ]);
    const version = /^[\d.]+/.exec(await ask('SELECT VERSION()'))?.[0];
    let places = 0;
    return {
      words: `MariaDB ${version}`,
      place: async () => {
        const database = `shop${++places}`;
        await ask(`CREATE DATABASE ${database}`);
        return {
          url: `mysql://shop:kit-password@127.0.0.1:${port}/${database}`,
          isServer: true,
          dump: () => runProgram(dump, [...at, '--skip-comments', '--no-create-info', database]),
          run: async (sql) => {
            await runProgram(client, [...at, database, '-e', sql]);
          },
          putOther: async (word) => {
            await ask(`CREATE TABLE ${database}.others AS SELECT '${word}' AS word`);
          },
          schema: async () => (await ask(schemaOf(database))).split('\n').filter(Boolean),
          remove: async () => {
            await ask(`DROP DATABASE IF EXISTS ${database}`);
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

const schemaOf = (database: string) =>
  `SELECT CONCAT('table ', table_name) FROM information_schema.tables WHERE table_schema = '${database}'
   UNION ALL SELECT DISTINCT CONCAT('index ', index_name) FROM information_schema.statistics WHERE table_schema = '${database}'
   UNION ALL SELECT CONCAT('event ', event_name) FROM information_schema.events WHERE event_schema = '${database}'
   UNION ALL SELECT CONCAT('trigger ', trigger_name) FROM information_schema.triggers WHERE trigger_schema = '${database}'`;
