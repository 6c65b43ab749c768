// What a judge and a shop process say to each other.
import type { Environment, ShopConfig } from '#shop/config.ts';
import type { RequestFacts, SessionCall, SessionFacts } from './session-facts.ts';

/** What a shop gets from outside: its config, its variables, a DNS server. */
export interface Outside {
  config: ShopConfig;
  /** For an app.ts that exports readConfig: its variables. Default: the config as variables. */
  env?: Environment;
  /** A DNS server, '127.0.0.1:PORT', that the shop asks in place of the machine's. */
  dns?: string;
}

/** What the judge sends a shop process. One that has failed to open may get another request. */
export interface OpenRequest extends Outside {
  /** The answer's app.ts, compiled. */
  app: string;
  /** 0 for any free port. */
  port: number;
  /** Whether it reports what it saw of each request. */
  watched?: boolean;
}

/** Sent to a shop that is open: time has passed. */
export interface ClockChange {
  /** How far ahead of the machine's clock its own is now, in milliseconds. */
  clockAhead: number;
}

/** Sent to a shop that is open: close by yourself, as at a deploy. Also on Windows, which has no SIGTERM. */
export interface ShutDownRequest {
  shutDown: true;
}

/** Sent at any time: what was seen of sessions? */
export interface FactsRequest {
  tellFacts: true;
}

/**
 * The first message to a process, before any learner code is in it: a token that only this process and the judge know. Every report
 * carries it, so no message of an answer is taken for a report.
 */
export interface Introduction {
  token: string;
}

/** A report as it is sent. */
export type SentReport = (Report | InsideReport) & { token: string };

const CLOSING_EVENTS = [
  'no shutDown',
  'server.close',
  'closeAllConnections',
  'process.exit',
  'store closed early',
] as const;

/**
 * What an answer does after it was asked to close ('store closed early': while a request had no answer). It is sent as it happens,
 * because the process may be gone later. Evidence, and never a verdict.
 */
export type ClosingEvent = (typeof CLOSING_EVENTS)[number];

/** What a shop process tells the judge. */
export type Report =
  | { kind: 'facts'; facts: SessionFacts }
  | { kind: 'warm' }
  | { kind: 'listening'; port: number }
  | { kind: 'port-taken' }
  | { kind: 'clock-set' }
  | { kind: 'shut-down' }
  | { kind: 'closing'; event: ClosingEvent }
  // The answer could not be loaded, or createApp, or its own readConfig, failed.
  | { kind: 'unloaded' | 'failed'; message: string };

/** Whether a message is a report of the process itself. An answer can send messages of its own: these are ignored. */
export function isReport(message: Partial<Record<string, unknown>> | null, token: string): boolean {
  if (message?.token !== token) return false;
  if (message?.kind === 'unloaded' || message?.kind === 'failed') return typeof message.message === 'string';
  if (message?.kind === 'listening') return Number.isInteger(message.port);
  if (message?.kind === 'facts') return areFacts(message.facts);
  if (message?.kind === 'closing') return CLOSING_EVENTS.some((event) => event === message.event);
  return ['warm', 'port-taken', 'clock-set', 'shut-down'].includes(String(message?.kind));
}

function areFacts(facts: Partial<SessionFacts> | unknown): boolean {
  const { calls, requests, waitingFor } = (facts ?? {}) as Partial<SessionFacts>;
  return Array.isArray(calls) && Array.isArray(requests) && areTexts(waitingFor);
}

/** What a watched shop knows of a request when it has ended. Learner code runs in that process: trust nothing of it. */
export interface InsideReport {
  kind: 'inside';
  /** What was noted of the request. The sender knows it by its port. */
  facts: RequestFacts;
  /** The session() call that the request came to first; undefined when it came to none. */
  call: SessionCall | undefined;
  id: string | undefined;
  /** The secrets that signed and checked cookies lately, the last one last. */
  secrets: readonly string[];
  /** The class of the store: 'MemoryStore'. */
  store: string | undefined;
  hasTouch: boolean;
  /** What a MemoryStore held before and after: session ID to JSON. Undefined for other stores. */
  before?: Record<string, string> | undefined;
  after?: Record<string, string> | undefined;
}

/** Whether a message is an inside report of the process itself. */
export function isInsideReport(message: unknown, word: string): message is InsideReport {
  const { token } = (message ?? {}) as { token?: unknown };
  const { kind, facts, id, secrets, store, before, after } = (message ?? {}) as Partial<InsideReport>;
  return (
    token === word &&
    kind === 'inside' &&
    typeof facts?.port === 'number' &&
    areTexts(facts.events) &&
    areTexts(secrets) &&
    [id, store].every((each) => each === undefined || typeof each === 'string') &&
    [before, after].every(isTextByName)
  );
}

const areTexts = (value: unknown) => Array.isArray(value) && value.every((each) => typeof each === 'string');

function isTextByName(value: unknown): boolean {
  return (
    value === undefined || (typeof value === 'object' && value !== null && areTexts(Object.values(value)))
  );
}
