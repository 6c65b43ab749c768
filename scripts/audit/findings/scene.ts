import type { SessionSetup, StoreCall } from '../app/control.ts';
import type { Deployment } from '../app/deployment.ts';
import type { RunningApp } from '../app/running-app.ts';
import { type PlayOptions, play } from '../browse/action.ts';
import { type Standing, standing } from '../browse/probe.ts';
import { type Exchange, Visitor } from '../browse/visitor.ts';
import type { Way } from '../browse/way.ts';
import { NotTestable } from './finding.ts';
import { sessionIdIn } from './session-cookie.ts';

/** How long after the clock was moved a limit on the number of logins has passed, in milliseconds. */
const LIMITS_PASS = 60 * 60 * 1000;

/** What the checks play on: the app, its databases, the clock, and the way through the app. */
export class Scene {
  readonly deployment: Deployment;
  readonly setup: SessionSetup | undefined;
  readonly clock = { ahead: 0 };
  way!: Way;
  app: RunningApp;
  /** What instances that have ended printed, one after the other. */
  #printed = '';
  /** Whatever must not be printed: see output-secrets. */
  readonly secrets = { ids: new Set<string>(), cookies: new Set<string>() };
  #mark = 0;

  constructor(deployment: Deployment, app: RunningApp) {
    this.deployment = deployment;
    this.app = app;
    this.setup = app.setups.at(-1);
  }

  /** The session cookie's name. */
  get cookieName(): string {
    return this.setup?.name || (this.setup?.library === 'cookie-session' ? 'session' : 'connect.sid');
  }

  visitor(headers: Readonly<Record<string, string>> = {}): Visitor {
    return new Visitor(this.app, this.clock, headers);
  }

  /** The session ID in the visitor's cookie; for cookie-session the cookie's value. */
  id(visitor: Visitor): string | undefined {
    const value = visitor.jar.get(this.cookieName)?.value;
    if (value === undefined) return undefined;
    const id = this.setup?.library === 'cookie-session' ? value : sessionIdIn(value);
    this.secrets.cookies.add(value);
    if (id) this.secrets.ids.add(id);
    return id;
  }

  /** Logs a visitor in. @throws {NotTestable} when that does not succeed */
  async logIn(visitor: Visitor, options: PlayOptions = {}): Promise<{ acted: Exchange; all: Exchange[] }> {
    const { logIn, account } = this.way;
    if (!logIn) throw new NotTestable(this.noLogin);
    const first = await play(visitor, logIn, account, options);
    if (first.acted.status !== 429) return first;
    // Too many logins for one address: an hour later it takes them again.
    await this.passes(LIMITS_PASS);
    return play(visitor, logIn, account, options);
  }

  /** A new visitor who has just logged in. @throws {NotTestable} */
  async loggedIn(headers: Readonly<Record<string, string>> = {}): Promise<Visitor> {
    const visitor = this.visitor(headers);
    let { acted } = await this.logIn(visitor);
    let is = await this.standing(visitor);
    // An app that keeps its users in memory has lost them at a restart.
    if (is !== 'in' && this.way.signUp) {
      await play(this.visitor(headers), this.way.signUp, this.way.account);
      ({ acted } = await this.logIn(visitor));
      is = await this.standing(visitor);
    }
    if (is !== 'in')
      throw new NotTestable(
        `a login that worked before does not any more: ${this.way.logIn?.method} ${this.way.logIn?.path} was answered ${acted.status}`,
      );
    this.id(visitor);
    return visitor;
  }

  get noLogin(): string {
    return 'it needs a login, and none was found; a flow file can say it (--flow)';
  }

  /** Whether a visitor is logged in, by what the app answers. @throws {NotTestable} without a page that tells */
  async standing(visitor: Visitor): Promise<Standing> {
    return (await this.asks(visitor)).standing;
  }

  /** Opens the page that tells who is logged in. @throws {NotTestable} without such a page, {NoAnswer} */
  async asks(visitor: Visitor): Promise<{ standing: Standing; exchange: Exchange }> {
    const { probe, account } = this.way;
    if (!probe) throw new NotTestable(this.noLogin);
    const exchange = await visitor.get(probe.path);
    return { standing: standing(exchange, probe, account), exchange };
  }

  /** Lets time pass for the app and for all browsers. */
  async passes(ms: number): Promise<void> {
    this.clock.ahead += ms;
    await this.app.setClockAhead(this.clock.ahead);
  }

  /** The store calls while some work was done. */
  async callsDuring<T>(work: () => Promise<T>): Promise<{ result: T; calls: StoreCall[] }> {
    const mark = await this.app.mark();
    const result = await work();
    return { result, calls: await this.app.calls(mark) };
  }

  /** What the store was last given for a session, as an object; undefined when it was given none. */
  async stored(id: string): Promise<Record<string, unknown> | undefined> {
    const calls = await this.app.calls(this.#mark);
    const last = calls.filter((call) => call.id === id && call.operation === 'set' && call.data).at(-1);
    return last?.data ? JSON.parse(last.data) : undefined;
  }

  /** Ends the instance, and starts another one in its place. @throws {AppDown} when it does not come up */
  async restart(): Promise<void> {
    this.#printed += this.app.output.text;
    await this.deployment.end(this.app);
    this.app = await this.deployment.start({ ahead: this.clock.ahead });
    this.#mark = 0;
  }

  /** All that the app printed so far. */
  get printed(): string {
    return this.#printed + this.app.output.text;
  }

  /** Keeps what another instance printed. */
  heard(text: string): void {
    this.#printed += text;
  }
}
