import { checkCommand } from '../args.ts';
import { MAX_DOCUMENT } from '../codec.ts';
import { MAX_MESSAGE } from '../wire.ts';
import { AUTHENTICATION, introduced } from './authentication.ts';
import type { Handler, Handlers } from './call.ts';
import { SESSION_TIMEOUT } from './sessions.ts';
import { VERSION } from './version.ts';

/** The wire protocol of that version (MongoDB source, wire_version.h). */
const MAX_WIRE_VERSION = 21;

/**
 * The description of a standalone server (MongoDB manual, "hello"). No replica set, so drivers send no transaction numbers; no
 * topologyVersion, so they ask again from time to time instead of waiting for news. The client's description of itself is ignored.
 */
const hello: Handler = (call) => ({
  helloOk: true,
  ...(call.name === 'hello' ? { isWritablePrimary: true } : { ismaster: true }),
  maxBsonObjectSize: MAX_DOCUMENT,
  maxMessageSizeBytes: MAX_MESSAGE,
  maxWriteBatchSize: 100_000,
  localTime: new Date(),
  logicalSessionTimeoutMinutes: SESSION_TIMEOUT,
  connectionId: call.connection.id,
  minWireVersion: 0,
  maxWireVersion: MAX_WIRE_VERSION,
  readOnly: false,
  ...introduced(call),
  ok: 1,
});

const ping: Handler = ({ command }) => {
  checkCommand(command, 'ping', []);
  return { ok: 1 };
};

const buildInfo: Handler = ({ command, name }) => {
  checkCommand(command, name, []);
  return {
    version: VERSION,
    versionArray: [7, 0, 14, 0],
    gitVersion: 'embedded',
    modules: ['embedded'],
    bits: 64,
    debug: false,
    maxBsonObjectSize: MAX_DOCUMENT,
    storageEngines: ['memory'],
    ok: 1,
  };
};

export const HELLO: Handlers = { hello, isMaster: hello, ismaster: hello };

export const HANDSHAKE: Handlers = {
  ...HELLO,
  ping,
  buildInfo,
  buildinfo: buildInfo,
  ...AUTHENTICATION,
};
