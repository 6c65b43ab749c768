import type { SessionData } from 'express-session';
import type { Database } from './database.ts';
import type { NameSession } from './session-name.ts';

/** A browser in which a user is logged in, as shown on the page of devices. */
export interface Device {
  /** The session's name on the page, in forms and in logs, in place of its ID. */
  readonly name: string;
  /** 'Firefox on Linux' */
  readonly browser: string;
  readonly since: Date;
  readonly lastSeen: Date;
  readonly isThisOne: boolean;
}

/** The fields that the page of devices needs of a session. The others stay in the database. */
const SHOWN = { 'session.cookie': 1, 'session.device': 1, 'session.loggedInAt': 1 };

/** The sessions of a user: each is a browser. */
export class Devices {
  readonly #sessions: Database['store']['sessions'];
  readonly #nameOf: NameSession;

  constructor({ store }: Database, nameOf: NameSession) {
    this.#sessions = store.sessions;
    this.#nameOf = nameOf;
  }

  /** Where this user is logged in, the most recent browser first. */
  async ofUser(userId: string, currentId: string): Promise<Device[]> {
    const devices = (await this.#find(userId)).map(({ _id, session }) => ({
      name: this.#nameOf(_id),
      browser: session.device ?? 'A browser',
      since: new Date(session.loggedInAt ?? 0),
      lastSeen: lastSeen(session),
      isThisOne: _id === currentId,
    }));
    return devices.sort((a, b) => Number(b.lastSeen) - Number(a.lastSeen));
  }

  /** Ends one session of this user, by its name on the page. @returns whether there was one */
  async signOut(userId: string, name: unknown): Promise<boolean> {
    const found = (await this.#find(userId)).find(({ _id }) => this.#nameOf(_id) === name);
    if (!found) return false;
    await this.#sessions.deleteOne({ _id: found._id });
    return true;
  }

  /** Ends all sessions of this user but the current one. @returns their number */
  async signOutOthers(userId: string, currentId: string): Promise<number> {
    const others = { 'session.userId': userId, _id: { $ne: currentId } };
    const { deletedCount } = await this.#sessions.deleteMany(others);
    return deletedCount;
  }

  /** Sessions that have not expired. MongoDB deletes expired ones about once a minute. */
  #find(userId: string) {
    const live = { 'session.userId': userId, expires: { $gt: new Date() } };
    return this.#sessions.find(live, { projection: SHOWN }).toArray();
  }
}

/** A session's end is counted from its last request. */
function lastSeen({ cookie }: SessionData): Date {
  return new Date(Number(cookie.expires) - Number(cookie.originalMaxAge));
}

const BROWSERS = [
  [/Edg\w*\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/Chrome\/|CriOS\//, 'Chrome'],
  [/Safari\//, 'Safari'],
] as const;
const SYSTEMS = [
  [/iPhone|iPad/, 'iOS'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Macintosh/, 'macOS'],
  [/CrOS/, 'ChromeOS'],
  [/Linux/, 'Linux'],
] as const;

/** A User-Agent in words, 'Firefox on Linux'. The order of the patterns matters: most browsers name several. */
export function describeBrowser(userAgent = ''): string {
  const of = (patterns: typeof BROWSERS | typeof SYSTEMS) =>
    patterns.find(([pattern]) => pattern.test(userAgent))?.[1];
  const system = of(SYSTEMS);
  return `${of(BROWSERS) ?? 'A browser'}${system ? ` on ${system}` : ''}`;
}
