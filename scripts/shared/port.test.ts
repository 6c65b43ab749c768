import { expect, it } from 'vitest';
import { EnvironmentError, UsageError } from './errors.ts';
import { portProblem, readPort } from './port.ts';

it.each([
  ['1', 1],
  ['4600', 4600],
  ['65535', 65_535],
  ['', undefined],
  [undefined, undefined],
])('%j is port %j', (CLASS_PORT, port) => {
  expect(readPort({ CLASS_PORT }, 'CLASS_PORT')).toBe(port);
});

it.each(['0', '65536', '70000', '0x50', '-1', 'abc', '3000abc', '80.5', ' ', '1e3'])(
  '%j is no port',
  (text) => {
    const words = 'CLASS_PORT is not the number of a port: 1 to 65535.';
    expect(() => readPort({ CLASS_PORT: text }, 'CLASS_PORT')).toThrow(new UsageError(words));
  },
);

it.each([
  ['EADDRINUSE', 'Port 80 is taken. Set PORT to another one.'],
  ['EACCES', 'This system does not allow you to listen on port 80. Set PORT to another one, above 1023.'],
])('%s is said in words', (code, words) => {
  const problem = portProblem(Object.assign(new Error(code), { code }), 80, 'PORT');
  expect(problem).toEqual(new EnvironmentError(words));
});

it('names what Windows reserves', () => {
  const problem = portProblem(Object.assign(new Error('EACCES'), { code: 'EACCES' }), 5000, 'PORT');
  expect(problem?.message).toMatch(/port 5000: .*reserved.* netsh .*Set PORT to another one/);
});

it('leaves other errors alone', () => {
  expect(portProblem(new Error('no code'), 80, 'PORT')).toBeUndefined();
});
