import type { NetworkInterfaceInfo } from 'node:os';
import { expect, it } from 'vitest';
import { addressesOfThisMachine } from './addresses.ts';
import { inClassDatabase } from './database.ts';
import { isPassword } from './login.ts';

const at = (address: string, more: Partial<NetworkInterfaceInfo> = {}) =>
  ({ address, family: 'IPv4', internal: false, ...more }) as NetworkInterfaceInfo;

it('learners get the addresses that they can type and reach, those of containers last', () => {
  const interfaces = {
    docker0: [at('172.17.0.1')],
    lo: [at('127.0.0.1', { internal: true })],
    wlan0: [at('192.168.1.5'), at('fe80::1', { family: 'IPv6' } as never)],
    eth0: [at('169.254.7.7')],
  };
  expect(addressesOfThisMachine(interfaces)).toEqual(['192.168.1.5', '172.17.0.1']);
  expect(addressesOfThisMachine({})).toEqual([]);
});

it.each([
  ['mongodb://127.0.0.1:27017/shop', 'mongodb://127.0.0.1:27017/class'],
  ['mongodb://127.0.0.1:27017/?retryWrites=false', 'mongodb://127.0.0.1:27017/class?retryWrites=false'],
  // MongoDB looks for a user in the named database. That stays the original one.
  ['mongodb://u:p@h:1/shop', 'mongodb://u:p@h:1/class?authSource=shop'],
  ['mongodb://u:p@h:1/shop?authSource=admin', 'mongodb://u:p@h:1/class?authSource=admin'],
  ['mongodb+srv://u:p@cluster.example/shop', 'mongodb+srv://u:p@cluster.example/class'],
])('%s keeps its class in %s', (uri, expected) => expect(inClassDatabase(uri)).toBe(expected));

it.each([undefined, '', 'bcdf', ['bcdf-ghjk-mnpq'], { $ne: 1 }])('%j is not the password', (given) => {
  expect(isPassword(given, 'bcdf-ghjk-mnpq')).toBe(false);
  expect(isPassword('bcdf-ghjk-mnpq', 'bcdf-ghjk-mnpq')).toBe(true);
});
