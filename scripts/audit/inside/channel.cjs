'use strict';
const net = require('node:net');

/**
 * The connection to the audit: one JSON document on each line, in both directions. It does not keep the process alive.
 * @param {{ port: number, token: string }} options
 */
exports.openChannel = ({ port, token }) => {
  const answers = new Map();
  const socket = net.connect({ port, host: '127.0.0.1' });
  socket.setNoDelay(true);
  socket.unref();
  socket.on('error', () => {});
  const report = (message) => {
    if (!socket.destroyed) socket.write(`${JSON.stringify(message)}\n`);
  };
  let half = '';
  socket.setEncoding('utf8').on('data', (text) => {
    const lines = (half + text).split('\n');
    half = lines.pop() ?? '';
    for (const line of lines) {
      const { kind, number, ...rest } = JSON.parse(line);
      report({ kind: 'answer', number, ...answers.get(kind)?.(rest) });
    }
  });
  report({ kind: 'hello', token, pid: process.pid, program: process.argv[1] ?? '' });
  return { report, answer: (kind, work) => answers.set(kind, work) };
};
