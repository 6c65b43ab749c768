import { BSON, type ClientSession, type Document, MongoClient, MongoServerError } from 'mongodb';
import { documentsIn, MAX_MESSAGE, type Message } from '../engine/wire.ts';
import { refusal } from './allowed.ts';

/** The limit for finding the database, in milliseconds. */
const CONNECT_LIMIT_MS = 5_000;
/** Keeps the types as they are on the wire: an Int32 stays one, a regular expression is not compiled. */
const AS_SENT = { promoteValues: false, promoteLongs: false, bsonRegExp: true } as const;
/** Fields that the driver sets itself for its own connection. */
const OF_THE_CONNECTION = ['$db', '$readPreference', '$clusterTime', 'lsid', 'txnNumber'];

export interface GatewayOptions {
  /** Whether documents may be changed. */
  readonly mayWrite: boolean;
  /** Removes the password from a message of the driver. */
  readonly redact: (text: string) => string;
  /** Called when the database stops answering. */
  readonly onLost: () => void;
}

/**
 * The one database that Compass sees. It receives messages of the wire protocol, as a server does, and sends allowed commands through the
 * official driver. So TLS, `mongodb+srv`, replica sets and log-in work as they do for the shop, and no password reaches the browser.
 */
export class Gateway {
  readonly #client: MongoClient;
  readonly #options: GatewayOptions;
  readonly #greeting: Document;
  readonly #session: ClientSession | undefined;

  /** @throws the driver's error when the database cannot be reached */
  static async open(uri: string, options: GatewayOptions): Promise<Gateway> {
    const client = new MongoClient(uri, {
      serverSelectionTimeoutMS: CONNECT_LIMIT_MS,
      appName: 'npm run compass',
    });
    try {
      await client.connect();
      return new Gateway(client, await client.db('admin').command({ hello: 1 }), options);
    } catch (error) {
      await client.close();
      throw error;
    }
  }

  private constructor(client: MongoClient, hello: Document, options: GatewayOptions) {
    this.#client = client;
    this.#options = options;
    // One session for all commands: a server returns a cursor's next documents only to the session that opened the cursor.
    this.#session = hello.logicalSessionTimeoutMinutes == null ? undefined : client.startSession();
    // Compass sees a standalone server, whatever the deployment is. Sessions are announced, because Compass
    // does not work without them; they end here.
    this.#greeting = {
      ok: 1,
      helloOk: true,
      ismaster: true,
      isWritablePrimary: true,
      maxBsonObjectSize: 16 * 1024 * 1024,
      maxMessageSizeBytes: MAX_MESSAGE,
      maxWriteBatchSize: 100_000,
      logicalSessionTimeoutMinutes: 30,
      minWireVersion: 0,
      maxWireVersion: hello.maxWireVersion,
    };
  }

  /** The reply to a message, as BSON. @throws {Error} for a message that holds no command */
  async answer(message: Message): Promise<Uint8Array> {
    const command = commandOf(message);
    return BSON.serialize(await this.#run(command));
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  async #run(command: Document): Promise<Document> {
    const [name = ''] = Object.keys(command);
    if (/^(?:hello|ismaster)$/i.test(name)) return this.#greeting;
    if (name === 'endSessions') return { ok: 1 };
    const reason = refusal(command, this.#options.mayWrite);
    if (reason) return { ok: 0, errmsg: reason, code: 13, codeName: 'Unauthorized' };
    const database = typeof command.$db === 'string' ? command.$db : 'admin';
    for (const field of OF_THE_CONNECTION) delete command[field];
    try {
      const session = this.#session ? { session: this.#session } : {};
      return await this.#client.db(database).command(command, { ...AS_SENT, ...session });
    } catch (error) {
      if (error instanceof MongoServerError) return { ...error.errorResponse, ok: 0 };
      this.#options.onLost();
      return {
        ok: 0,
        errmsg: this.#options.redact((error as Error).message),
        code: 6,
        codeName: 'HostUnreachable',
      };
    }
  }
}

/** The body with its document sequences inserted. */
function commandOf({ body, sequences }: Message): Document {
  const command = BSON.deserialize(body, AS_SENT);
  for (const [name, documents] of sequences)
    command[name] = Array.from(documentsIn(documents), (document) => BSON.deserialize(document, AS_SENT));
  return command;
}
