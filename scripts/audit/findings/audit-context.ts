import type { SessionSetup, StoreCall } from '../app/control.ts';
import type { Deployment } from '../app/deployment.ts';
import type { RunningApp } from '../app/running-app.ts';
import { type PlayOptions, play } from '../browse/action.ts';
import { CookieJar } from '../browse/cookie-jar.ts';
import { type Standing, standing, whose } from '../browse/probe.ts';
import { type Exchange, THROUGH_TLS_PROXY, Visitor } from '../browse/visitor.ts';
import type { Way } from '../browse/way.ts';
import { NotTestable } from './finding.ts';
import { sessionIdIn } from './session-cookie.ts';

/** How far to move the clock until a limit on logins has passed, in milliseconds. */
const LIMITS_PASS = 60 * 60 * 1000;

/** What the checks use: the app, its databases, the clock, and the way through the app. */
export class AuditContext {
  readonly deployment: Deployment;
  readonly setup: SessionSetup | undefined;
  readonly clock = { ahead: 0 };
  way!: Way;
  /** The origin of a separate front end, for an app that answers only to that origin. */
  frontEnd: string | undefined;
  app: RunningApp;
  /** What instances that have ended printed, one after the other. */
  #printed = '';
  /** The secrets that must not be printed: see output-secrets. */
  readonly secrets = { ids: new Set<string>(), cookies: new Set<string>() };
  #mark = 0;

  constructor(deployment: Deployment, app: RunningApp) {
    this.deployment = deployment;
    this.app = app;
    this.setup = app.setups.at(-1);
  }

  /** The session cookie's name. */
  get cookieName(): string {
    return this.setup?.name || 'connect.sid';
  }

  /** A new browser. When the cookie is Secure in every environment, the browser comes through a proxy that ends TLS. @param app another instance */
  visitor(headers: Readonly<Record<string, string>> = {}, app = this.app): Visitor {
    const usual = {
      ...(this.setup?.secure && THROUGH_TLS_PROXY),
      ...(this.frontEnd && { Origin: this.frontEnd }),
    };
    const jar = new CookieJar(() => Date.now() + this.clock.ahead, this.setup?.crossSite);
    return new Visitor(app, this.clock, { ...usual, ...headers }, jar);
  }

  /** The session ID in a cookie's value; for cookie-session the value itself. */
  idIn(value: string): string | undefined {
    return this.setup?.library === 'cookie-session' ? value : sessionIdIn(value);
  }

  /** The session ID in the visitor's cookie; for cookie-session the cookie's value. */
  id(visitor: Visitor): string | undefined {
    const value = visitor.jar.get(this.cookieName)?.value;
    if (value === undefined) return undefined;
    const id = this.idIn(value);
    this.secrets.cookies.add(value);
    if (id) this.secrets.ids.add(id);
    return id;
  }

  /** Logs a visitor in. @throws {NotTestable} when no login is known */
  async logIn(visitor: Visitor, options: PlayOptions = {}): Promise<{ acted: Exchange; all: Exchange[] }> {
    const { logIn, account } = this.way;
    if (!logIn) throw new NotTestable(this.noLogin);
    const first = await play(visitor, logIn, account, options);
    if (first.acted.status !== 429) return first;
    // Too many logins from one address: an hour later the app accepts them again.
    await this.passes(LIMITS_PASS);
    return play(visitor, logIn, account, options);
  }

  /** A new visitor who has just logged in. @throws {NotTestable} */
  async loggedIn(headers: Readonly<Record<string, string>> = {}): Promise<Visitor> {
    await this.mustBeInSession();
    const visitor = this.visitor(headers);
    let { acted } = await this.logIn(visitor);
    let is = await this.standing(visitor);
    // An app with its users in memory has lost them at a restart.
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

  #inSession: Promise<void> | undefined;

  /** @throws {NotTestable} when another cookie than the session's, such as a token, keeps the visitor logged in */
  mustBeInSession(): Promise<void> {
    this.#inSession ??= this.#loginIsInSession().catch((error: unknown) => {
      // An app that did not answer may answer next time.
      if (!(error instanceof NotTestable)) this.#inSession = undefined;
      throw error;
    });
    return this.#inSession;
  }

  async #loginIsInSession(): Promise<void> {
    const visitor = this.visitor();
    await this.logIn(visitor);
    if ((await this.standing(visitor)) !== 'in') return;
    const others = visitor.cookies.filter(({ name }) => name.replace(/\.sig$/, '') !== this.cookieName);
    if (others.length === 0) return;
    const without = this.visitor({ Cookie: others.map(({ name, value }) => `${name}=${value}`).join('; ') });
    if ((await this.standing(without)) === 'in')
      throw new NotTestable(
        `the login is not in the session: without the cookie ${this.cookieName} the visitor is logged in all the same, by ${others.map(({ name }) => name).join(', ')}`,
      );
  }

  get noLogin(): string {
    return 'it needs a login, and none was found; a flow file can say it (--flow)';
  }

  /** Whether a visitor is logged in, by the app's answer. @throws {NotTestable} without a page that shows it */
  async standing(visitor: Visitor): Promise<Standing> {
    return (await this.asks(visitor)).standing;
  }

  /** Opens the page that shows who is logged in. @throws {NotTestable} without such a page, {NoAnswer} */
  async asks(visitor: Visitor): Promise<{ standing: Standing; exchange: Exchange }> {
    const { probe, account } = this.way;
    if (!probe) throw new NotTestable(this.noLogin);
    const exchange = await visitor.get(probe.path);
    const is = standing(exchange, probe, account);
    const words = whose(is, probe);
    return { standing: is, exchange: { ...exchange, ...(words && { whose: words }) } };
  }

  /** Lets time pass for the app and for all browsers. */
  async passes(ms: number): Promise<void> {
    this.clock.ahead += ms;
    await this.app.setClockAhead(this.clock.ahead);
  }

  /** The store calls during some work. */
  async callsDuring<T>(work: () => Promise<T>): Promise<{ result: T; calls: StoreCall[] }> {
    const mark = await this.app.mark();
    const result = await work();
    return { result, calls: await this.app.calls(mark) };
  }

  /** The data of the last `set` for a session, as an object; undefined without one. */
  async stored(id: string): Promise<Record<string, unknown> | undefined> {
    const calls = await this.app.calls(this.#mark);
    const last = calls.filter((call) => call.id === id && call.operation === 'set' && call.data).at(-1);
    return last?.data ? JSON.parse(last.data) : undefined;
  }

  /** Keys by session ID, of instances that have ended. */
  readonly #keys = new Map<string, string>();

  /** The store's key of a session: in most stores the ID itself. */
  async keyOf(id: string): Promise<string> {
    await this.#rememberKeys();
    return this.#keys.get(id) ?? id;
  }

  async #rememberKeys(): Promise<void> {
    for (const { id, key } of await this.app.calls(0)) if (key !== undefined) this.#keys.set(id, key);
  }

  /** Ends the instance, and starts another one. @throws {AppDown} when it does not come up */
  async restart(): Promise<void> {
    this.#printed += this.app.output.text;
    await this.#rememberKeys();
    await this.deployment.end(this.app);
    this.app = await this.deployment.start({ ahead: this.clock.ahead });
    this.#mark = 0;
  }

  /** All that the app printed so far. */
  get printed(): string {
    return this.#printed + this.app.output.text;
  }

  /** Adds the output of another instance. */
  heard(text: string): void {
    this.#printed += text;
  }
}
