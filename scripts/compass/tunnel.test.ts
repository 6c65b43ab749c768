import { EventEmitter } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { BSON, type Document } from 'mongodb';
import { describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import type { Message } from '../engine/wire.ts';
import { frame, message, opened } from './test-support.ts';
import { Tunnel } from './tunnel.ts';

/** The end of a WebSocket that the tunnel sees. */
class Socket extends EventEmitter {
  readonly sent: Buffer[] = [];
  closedWith: number | undefined;
  send(bytes: Buffer): void {
    this.sent.push(Buffer.from(bytes));
  }
  close(code: number): void {
    this.closedWith = code;
  }
}

/** A tunnel whose answer to a command is that command. */
function tunnel(answer = async ({ body }: Message): Promise<Uint8Array> => body) {
  const socket = new Socket();
  new Tunnel(socket as unknown as WebSocket, answer);
  const come = async (...frames: Buffer[]) => {
    for (const each of frames) socket.emit('message', each, true);
    await setImmediate();
    return socket.sent.splice(0).map(opened);
  };
  return { socket, come };
}

const ends = (sp: number, er: string | RegExp) => ({
  header: expect.objectContaining({ v: -1, dp: sp, sz: 0, er: expect.stringMatching(er) }),
  document: undefined,
});
const answers = (sp: number, document: Document) => ({
  header: expect.objectContaining({ v: 1, da: 'a', dp: sp, sp: 27017 }),
  document,
});

describe('the tunnel', () => {
  it('answers a connection', async () => {
    const { come } = tunnel();
    const [reply] = await come(frame(1, message({ ping: 1 })));
    expect(reply).toEqual(answers(1, { ping: 1 }));
    expect(reply?.header.sz).toBe(message({ ping: 1 }).length);
  });

  it('puts a message together from however many frames', async () => {
    const { come } = tunnel();
    const bytes = message({ ping: 1 });
    const frames = Array.from(bytes, (byte) => frame(1, Uint8Array.of(byte)));
    expect(await come(...frames.slice(0, -1))).toEqual([]);
    expect(await come(...frames.slice(-1))).toEqual([answers(1, { ping: 1 })]);
  });

  it('answers each of two messages in one frame', async () => {
    const { come } = tunnel();
    const both = Buffer.concat([message({ a: 1 }), message({ b: 1 })]);
    expect(await come(frame(1, both))).toEqual([answers(1, { a: 1 }), answers(1, { b: 1 })]);
  });

  it('keeps connections apart', async () => {
    const { come } = tunnel();
    const [one, two] = [message({ one: 1 }), message({ two: 2 })];
    expect(
      await come(
        frame(1, one.subarray(0, 20)),
        frame(2, two.subarray(0, 30)),
        frame(1, one.subarray(20)),
        frame(2, two.subarray(30)),
      ),
    ).toEqual([answers(1, { one: 1 }), answers(2, { two: 2 })]);
  });

  it.each([{ da: '127.0.0.1' }, { dp: 6379 }, { da: 'example.org', dp: 443 }])(
    'refuses a frame to %j, and asks nobody',
    async (elsewhere) => {
      let asked = 0;
      const { come } = tunnel(async ({ body }) => {
        asked++;
        return body;
      });
      const ping = message({ ping: 1 });
      expect(await come(frame(1, ping, elsewhere))).toEqual([ends(1, 'not the database of this page')]);
      expect(asked).toBe(0);
      expect(await come(frame(2, ping))).toEqual([answers(2, { ping: 1 })]);
    },
  );

  it('sends nothing to a connection that was closed meanwhile, or to its successor', async () => {
    const waiting = new Map<string, () => void>();
    const { come } = tunnel(({ body }) => {
      const [name = ''] = Object.keys(BSON.deserialize(body));
      return new Promise((resolve) => waiting.set(name, () => resolve(body)));
    });
    await come(frame(1, message({ early: 1 })), frame(1, Buffer.alloc(0), { v: -1, er: 'bye' }));
    await come(frame(1, message({ later: 1 })));
    waiting.get('early')?.();
    expect(await come()).toEqual([]);
    waiting.get('later')?.();
    expect(await come()).toEqual([answers(1, { later: 1 })]);
  });

  it.each([
    ['a length below any', Buffer.from([5, 0, 0, 0, ...Buffer.alloc(12)])],
    ['a length above any', Buffer.from([255, 255, 255, 127, ...Buffer.alloc(12)])],
    ['an opcode nobody knows', Buffer.from([17, 0, 0, 0, ...Buffer.alloc(13)])],
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: example.org\r\n\r\n')],
  ])('ends the connection that sends %s, and no other', async (_name, bytes) => {
    const { come, socket } = tunnel();
    expect(await come(frame(1, bytes))).toEqual([ends(1, /./)]);
    expect(await come(frame(2, message({ ping: 1 })))).toEqual([answers(2, { ping: 1 })]);
    expect(socket.closedWith).toBeUndefined();
  });

  it('ends a connection that holds no command', async () => {
    const { come } = tunnel(async () => {
      throw new Error('no command');
    });
    expect(await come(frame(1, message({})))).toEqual([ends(1, 'no command')]);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a few bytes', Buffer.from([1, 2, 3])],
    ['a length beyond the frame', Buffer.from([99, 0, 0, 0, 0, 0])],
    ['what is not BSON', Buffer.from([9, 0, 0, 0, 77, 77, 77, 77, 77])],
    ['a header without an address', Buffer.from(BSON.serialize({ v: 1, sp: 1, dp: 2, sz: 0 }))],
    ['another version', frame(1, Buffer.alloc(0), { v: 2 })],
    ['more bytes than it says', frame(1, Buffer.alloc(8), { sz: 4 })],
  ])('closes the WebSocket on %s', async (_name, bytes) => {
    const { come, socket } = tunnel();
    expect(await come(bytes)).toEqual([]);
    expect(socket.closedWith).toBe(1002);
  });

  it('closes the WebSocket on text', () => {
    const { socket } = tunnel();
    socket.emit('message', Buffer.from('{}'), false);
    expect(socket.closedWith).toBe(1002);
  });

  it('has an end to how many connections there are', async () => {
    const { come } = tunnel();
    const replies = await come(...Array.from({ length: 101 }, (_, i) => frame(i + 1, message({ ping: 1 }))));
    expect(replies.filter(({ header }) => header.v === 1)).toHaveLength(100);
    expect(replies).toContainEqual(ends(101, 'too many connections'));
  });
});
