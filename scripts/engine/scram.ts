import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { CommandError } from './errors.ts';

/** mongod's default (MongoDB manual, "scramSHA256IterationCount"). */
const ITERATIONS = 15_000;
/** In bytes: as long as mongod's for SHA-256. */
const SALT = 28;
const KEY = 32;

const derive = promisify(pbkdf2);
const hash = (data: Buffer) => createHash('sha256').update(data).digest();
const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/** What a server keeps of a password: it does not reveal the password (RFC 5802, section 3). */
interface Credential {
  readonly salt: Buffer;
  readonly storedKey: Buffer;
  readonly serverKey: Buffer;
}

/** Who may log in. */
export class Users {
  readonly #credentials: ReadonlyMap<string, Credential>;

  private constructor(credentials: ReadonlyMap<string, Credential>) {
    this.#credentials = credentials;
  }

  /** Salts are new each time. Passwords are normalized with NFKC, the part of SASLprep (RFC 4013) that Node has; unusual spaces are not mapped. */
  static async of(passwords: Readonly<Record<string, string>>): Promise<Users> {
    const credentials = Object.entries(passwords).map(async ([name, password]) => {
      const salt = randomBytes(SALT);
      const salted = await derive(password.normalize('NFKC'), salt, ITERATIONS, KEY, 'sha256');
      const [storedKey, serverKey] = [hash(hmac(salted, 'Client Key')), hmac(salted, 'Server Key')];
      return [name, { salt, storedKey, serverKey }] as const;
    });
    return new Users(new Map(await Promise.all(credentials)));
  }

  get names(): string[] {
    return [...this.#credentials.keys()];
  }

  credential(name: string): Credential | undefined {
    return this.#credentials.get(name);
  }
}

/** mongod does not tell a client what was wrong. */
export const authenticationFailed = () => new CommandError(18, 'Authentication failed.');

/** `n=a=2Cb` and the like: only a comma and an equals sign are escaped (RFC 5802, section 5.1). */
function unescaped(name: string): string {
  if (/=(?!2C|3D)/.test(name)) throw authenticationFailed();
  return name.replaceAll('=2C', ',').replaceAll('=3D', '=');
}

/** Header without channel binding or another identity, then name and nonce, printable without the comma, then extensions. */
const FIRST = /^([ny],,)(n=([^,]*),r=([!-+\--~]+)(?:,.*)?)$/;

/** One log-in by SCRAM-SHA-256 (RFC 5802, RFC 7677), from the server's side. */
export class Scram {
  readonly user: string;
  /** Answers the client's first message. */
  readonly challenge: string;
  readonly #credential: Credential;
  readonly #header: string;
  readonly #nonce: string;
  readonly #firstMessages: string;

  /** @throws {CommandError} 18 for an unknown user, channel binding, another identity, or an invalid first message */
  constructor(users: Users, first: string) {
    const [, header = '', bare, name = '', nonce] = FIRST.exec(first) ?? [];
    const credential = users.credential(unescaped(name));
    if (bare === undefined || credential === undefined) throw authenticationFailed();
    this.user = unescaped(name);
    this.#credential = credential;
    this.#header = header;
    this.#nonce = `${nonce}${randomBytes(18).toString('base64')}`;
    this.challenge = `r=${this.#nonce},s=${credential.salt.toString('base64')},i=${ITERATIONS}`;
    this.#firstMessages = `${bare},${this.challenge}`;
  }

  /** Checks the client's proof and returns the server's. @throws {CommandError} 18 for a wrong password, or an invalid last message */
  verify(last: string): string {
    const [, withoutProof = '', proof = ''] = /^(.*),p=([A-Za-z0-9+/=]+)$/.exec(last) ?? [];
    const binding = Buffer.from(this.#header).toString('base64');
    const expected = `c=${binding},r=${this.#nonce}`;
    if (withoutProof !== expected && !withoutProof.startsWith(`${expected},`)) throw authenticationFailed();
    const exchange = `${this.#firstMessages},${withoutProof}`;
    const signature = hmac(this.#credential.storedKey, exchange);
    const given = Buffer.from(proof, 'base64');
    if (given.length !== KEY) throw authenticationFailed();
    const clientKey = Buffer.from(given.map((byte, i) => byte ^ (signature[i] ?? 0)));
    if (!timingSafeEqual(hash(clientKey), this.#credential.storedKey)) throw authenticationFailed();
    return `v=${hmac(this.#credential.serverKey, exchange).toString('base64')}`;
  }
}
