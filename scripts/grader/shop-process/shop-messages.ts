// What a judge and a shop process say to each other.
import type { Environment, ShopConfig } from '#shop/config.ts';
import type { SessionFacts } from './session-facts.ts';

/** What a shop is told from outside. */
export interface Outside {
  config: ShopConfig;
  /** For an app.ts that exports readConfig: what it reads. The same as the config says, unless given. */
  env?: Environment;
  /** A DNS server, '127.0.0.1:PORT', that the shop asks in place of the machine's. */
  dns?: string;
}

/** What the judge tells a shop process. One that has failed to open may get another request. */
export interface OpenRequest extends Outside {
  /** The answer's app.ts, compiled. */
  app: string;
  /** 0 for any free port. */
  port: number;
  /** Whether it reports what each request left inside. */
  watched?: boolean;
}

/** What the judge may tell a shop that is open: that time has passed. */
export interface ClockChange {
  /** How far ahead of the machine's its clock is now, in milliseconds. */
  clockAhead: number;
}

/** What the judge may ask a shop that is open: to close by itself, as a deploy does. Also on Windows, which has no SIGTERM. */
export interface ShutDownRequest {
  shutDown: true;
}

/** What the judge may ask at any time: what was seen of sessions. */
export interface FactsRequest {
  tellFacts: true;
}

/**
 * The first message to a process, before any learner code is in it: a word that only the process itself and the judge know. Every report
 * carries it, so nothing that an answer sends is taken for one.
 */
export interface Introduction {
  token: string;
}

/** A report as it is sent. */
export type SentReport = (Report | InsideReport) & { token: string };

/** What a shop process tells the judge. */
export type Report =
  | { kind: 'facts'; facts: SessionFacts }
  | { kind: 'warm' }
  | { kind: 'listening'; port: number }
  | { kind: 'port-taken' }
  | { kind: 'clock-set' }
  | { kind: 'shut-down' }
  // The answer could not be loaded, or createApp, or its own readConfig, did not do its job.
  | { kind: 'unloaded' | 'failed'; message: string };

/** Whether a message is a report of the process itself. An answer can send messages of its own: these are ignored. */
export function isReport(message: Partial<Record<string, unknown>> | null, token: string): boolean {
  if (message?.token !== token) return false;
  if (message?.kind === 'unloaded' || message?.kind === 'failed') return typeof message.message === 'string';
  if (message?.kind === 'listening') return Number.isInteger(message.port);
  if (message?.kind === 'facts') return areFacts(message.facts);
  return ['warm', 'port-taken', 'clock-set', 'shut-down'].includes(String(message?.kind));
}

function areFacts(facts: Partial<SessionFacts> | unknown): boolean {
  const { calls, requests } = (facts ?? {}) as Partial<SessionFacts>;
  return Array.isArray(calls) && Array.isArray(requests);
}

/** What the session middleware left behind in a watched shop when a request had ended. It comes from a process that learner code runs in. */
export interface InsideReport {
  kind: 'inside';
  /** The port that the request came from: whoever sent it knows it by that. */
  from: number;
  /** Whether a session middleware ran. */
  ran: boolean;
  id: string | undefined;
  /** What cookies were signed and checked with lately, the last one last. */
  secrets: readonly string[];
  /** The class of the store: 'MemoryStore'. */
  store: string | undefined;
  hasTouch: boolean;
  byHttps: boolean;
  wantsHttps: boolean;
  /** What a MemoryStore held before and after: session ID to JSON. Undefined for other stores. */
  before?: Record<string, string> | undefined;
  after?: Record<string, string> | undefined;
}

/** Whether a message is an inside report of the process itself. */
export function isInsideReport(message: unknown, word: string): message is InsideReport {
  const { token } = (message ?? {}) as { token?: unknown };
  const { kind, from, id, secrets, store, before, after } = (message ?? {}) as Partial<InsideReport>;
  const texts = [id, store].every((each) => each === undefined || typeof each === 'string');
  const keys = Array.isArray(secrets) && secrets.every((each) => typeof each === 'string');
  return (
    token === word &&
    kind === 'inside' &&
    typeof from === 'number' &&
    texts &&
    keys &&
    [before, after].every(isTextByName)
  );
}

function isTextByName(value: unknown): boolean {
  if (value === undefined) return true;
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((each) => typeof each === 'string')
  );
}
