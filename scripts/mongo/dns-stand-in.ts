import { createSocket, type RemoteInfo } from 'node:dgram';
import { EventEmitter, once } from 'node:events';
import {
  AUTHORITATIVE_ANSWER,
  decode,
  encode,
  type Question,
  type SrvAnswer,
  type StringAnswer,
  type TxtAnswer,
} from 'dns-packet';

/** The response code for an unknown name (RFC 1035, section 4.1.1). */
const NAME_ERROR = 3;

/** One of its records: { type: 'SRV', name: '_mongodb._tcp.…', data: { target, port } }, and TXT and A alike. */
export type DnsRecord = SrvAnswer | TxtAnswer | StringAnswer;

/** A DNS server for made-up names, on 127.0.0.1. It knows its records and asks no other server. */
export interface DnsStandIn {
  /** '127.0.0.1:PORT', as dns.setServers() takes it. */
  readonly address: string;
  /** All questions so far, oldest first. */
  readonly questions: readonly Question[];
  /** Its first question: already asked, or asked within that many milliseconds; else undefined. */
  firstQuestion(withinMs: number): Promise<Question | undefined>;
  stop(): Promise<void>;
}

/** Starts a DNS server, on a free UDP port, for names such as those of a `mongodb+srv://` cluster. */
export async function startDnsStandIn(records: readonly DnsRecord[]): Promise<DnsStandIn> {
  const socket = createSocket('udp4');
  const questions: Question[] = [];
  const asked = new EventEmitter();
  socket.on('message', (message, { address, port }: RemoteInfo) => {
    const query = read(message);
    const [question] = query?.questions ?? [];
    // An unreadable message gets no answer, as from most servers.
    if (!query || !question) return;
    questions.push(question);
    asked.emit('question');
    socket.send(answerTo(question, query.id ?? 0, records), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    questions,
    firstQuestion: async (withinMs) => {
      if (questions.length === 0)
        await once(asked, 'question', { signal: AbortSignal.timeout(withinMs) }).catch(() => {});
      return questions[0];
    },
    stop: async () => {
      socket.close();
      await once(socket, 'close');
    },
  };
}

function read(message: Buffer) {
  try {
    return decode(message);
  } catch {
    return undefined;
  }
}

function answerTo(question: Question, id: number, records: readonly DnsRecord[]): Buffer {
  const ofName = records.filter((record) => isSame(record.name, question.name));
  return encode({
    type: 'response',
    id,
    flags: AUTHORITATIVE_ANSWER | (ofName.length === 0 ? NAME_ERROR : 0),
    questions: [question],
    answers: ofName.filter((record) => record.type === question.type),
  });
}

/** Names are compared without case (RFC 4343). */
function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
