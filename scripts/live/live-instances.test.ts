import { dirname } from 'node:path';
import request from 'supertest';
import { expect, it, onTestFinished } from 'vitest';
import { tinyWorkshop } from '../course/fixtures/test-support.ts';
import { SERVED_BY } from '../grader/balancer.ts';
import { LiveInstances } from './live-instances.ts';

const APP = 'work/01-hello/app.ts';
const CONFIG = { mongodbUri: 'mongodb://127.0.0.1:1/shop', sessionSecret: 'for tests' };
/** A shop that answers with its name. When asked to shut down it prints that, and ends. */
const SAYS_WHO = `import express from 'express';
export function createApp({ instance }) {
  const app = express();
  app.get('/', (_req, res) => res.send(instance + ' ' + process.pid));
  const shutDown = (server) => {
    console.log('goodbye');
    server.close();
  };
  return Object.assign(app, { shutDown });
}
`;

/** Open instances, and what they printed. */
async function openInstances(names = ['A', 'B'], app = SAYS_WHO) {
  const tiny = tinyWorkshop();
  tiny.write(APP, app);
  const said: string[] = [];
  const instances = new LiveInstances(names, dirname(tiny.path(APP)), { config: CONFIG }, (name, line) =>
    said.push(`${name}: ${line}`),
  );
  onTestFinished(() => instances.close());
  await instances.restart();
  const { port } = new URL(instances.address ?? '');
  const click = () => request(`http://127.0.0.1:${port}`).get('/');
  const turns = async () => [(await click()).headers[SERVED_BY], (await click()).headers[SERVED_BY]];
  return { instances, said, click, turns };
}

it('answer in turns at one address; when one is killed the others go on, and a restart brings it back', async () => {
  const { instances, said, click, turns } = await openInstances();
  expect([(await click()).text, (await click()).text]).toEqual([
    expect.stringMatching(/^A \d+$/),
    expect.stringMatching(/^B \d+$/),
  ]);
  expect(said.splice(0)).toEqual(['A: GET /   200', 'B: GET /   200']);
  await instances.killFirst();
  expect(await turns()).toEqual(['B', 'B']);
  expect(said.join('\n')).toMatch(/^A: The shop's process (?:was killed|ended)/m);
  await instances.restart();
  expect((await turns()).sort()).toEqual(['A', 'B']);
});

it('shut down by themselves in a rolling restart, and run in new processes', async () => {
  const { instances, said, click } = await openInstances();
  const before = [(await click()).text, (await click()).text];
  await instances.restartRolling();
  const after = [(await click()).text, (await click()).text];
  expect(new Set([...before, ...after]).size).toBe(4);
  const bye = (name: string) => [
    `${name}: It is asked to shut down.`,
    `${name}: goodbye`,
    `${name}: It has ended by itself.`,
  ];
  expect(said.filter((line) => !line.includes('GET'))).toEqual([...bye('A'), ...bye('B')]);
});

it('are killed in a rolling restart when they do not end', async () => {
  const { instances, said } = await openInstances(['A'], SAYS_WHO.replace('server.close();', ''));
  await instances.restartRolling();
  expect(said).toContain('A: It has not ended within 5 s, and is killed, with all requests in it.');
});
