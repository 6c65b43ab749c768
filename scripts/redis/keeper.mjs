// Keeps one Redis server, and ends it as soon as whoever started this process is gone, however that came about: the
// channel between the two closes then. Plain JavaScript, since it starts twice as fast.
//   node keeper.mjs PATH ARGUMENT…
import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';

const [path, ...args] = process.argv.slice(2);
// The folder only matters to a server that writes files. This one is told to write none.
const server = spawn(path, args, { cwd: tmpdir(), stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
process.on('disconnect', () => server.kill('SIGKILL'));

let said = '';
const hear = (text) => {
  said = (said + text).slice(-2000);
};
server.stdout.setEncoding('utf8').on('data', hear);
server.stderr.setEncoding('utf8').on('data', hear);
server.on('error', (error) => hear(error.message));
server.on('close', () => {
  if (process.connected) process.send({ ended: said.trim() }, () => process.exit());
  else process.exit();
});
process.send({ pid: server.pid });
