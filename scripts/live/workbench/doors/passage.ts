import {
  Agent,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http';
import { pipeline } from 'node:stream';

/**
 * How a request ended without a full answer: no shop took it; the shop gave no answer; the shop broke off in the middle of its
 * answer; or the shopper left.
 */
export type Unfinished = 'refused' | 'broke off' | 'cut off' | 'given up';

/** What is known of a request on its way. */
export interface Passage {
  /** The shop's port on this machine. */
  readonly port: number;
  /** The Cookie header that the shop gets; empty for none. */
  readonly cookie: string;
  /** Called with the port of this machine that the request goes out from. */
  readonly wentOut: (port: number) => void;
  /** The answer begins. @returns the headers of it that the browser gets */
  readonly answers: (answer: IncomingMessage) => IncomingHttpHeaders;
  /** Called once with how it ended. On 'refused' or 'broke off' the callee answers the browser. */
  readonly ended: (unfinished: Unfinished | undefined) => void;
}

const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Passes a request on to the shop, and its answer back, both as they flow. */
export function passOn(req: IncomingMessage, res: ServerResponse, passage: Passage): void {
  const { port, cookie, wentOut, answers } = passage;
  let isOver = false;
  const ends = (unfinished?: Unfinished) => {
    if (isOver) return;
    isOver = true;
    passage.ended(unfinished);
    closes();
  };
  const { method, url: path } = req;
  // A body without a length is sent in chunks, also with a method that usually has no body.
  const chunked = req.headers['transfer-encoding'] && { 'transfer-encoding': 'chunked' };
  const { cookie: _, ...others } = onward(req.headers);
  const headers = { ...others, ...(cookie && { cookie }), ...chunked };
  // A connection of its own: the shop knows the request by the port that it came from.
  // It is kept alive, as in a browser: otherwise a shop that answers before it has read an upload would cut off its own answer.
  const agent = new Agent({ keepAlive: true });
  const outgoing = request({ host: '127.0.0.1', port, method, path, headers, agent });
  const closes = () => {
    if (isOver && (outgoing.writableFinished || req.destroyed)) agent.destroy();
  };
  outgoing.once('finish', closes);
  req.once('close', closes);
  outgoing.on('socket', (socket) => socket.once('connect', () => wentOut(socket.localPort ?? 0)));
  outgoing.on('error', ({ code }: NodeJS.ErrnoException) => {
    // The request is answered: an error in the rest of its upload does not matter.
    if (isOver) return;
    if (res.headersSent) res.destroy();
    else ends(code === 'ECONNREFUSED' ? 'refused' : 'broke off');
  });
  outgoing.on('response', (answer) => {
    res.once('close', () => {
      if (!res.writableFinished && !answer.errored && !answer.destroyed) ends('given up');
    });
    res.writeHead(answer.statusCode ?? 502, answer.statusMessage, onward(answers(answer)));
    // Sends the head now: a body may take long.
    res.flushHeaders();
    pipeline(answer, res, (error) => ends(error ? 'cut off' : undefined));
  });
  res.once('close', () => {
    if (res.headersSent || isOver) return;
    ends('given up');
    outgoing.destroy();
  });
  // Streams the body of an upload. The shop may leave it unread.
  req.pipe(outgoing);
}

/** Headers that concern more than one connection. */
function onward(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name)));
}

/** Removes the rules against frames, which most shops should have: here the shop is shown in a frame of the workbench. */
export function withoutFrameRules({
  'x-frame-options': _,
  ...headers
}: IncomingHttpHeaders): IncomingHttpHeaders {
  const policies = headers['content-security-policy'];
  if (policies === undefined) return headers;
  // Several policies are one header with commas.
  const rest = [policies]
    .flat()
    .join(',')
    .split(',')
    .map((policy) => policy.split(';').filter((rule) => !/^\s*frame-ancestors\b/i.test(rule)))
    .filter((rules) => rules.length > 0);
  return { ...headers, 'content-security-policy': rest.map((rules) => rules.join(';')).join(',') };
}
