import type { RequestOptions } from 'node:https';
import { MongoBinaryDownload } from 'mongodb-memory-server-core/lib/util/MongoBinaryDownload.js';
import { megabytes, type Progress } from './download-progress.ts';
import { sizeOf } from './probe.ts';

type Options = ConstructorParameters<typeof MongoBinaryDownload>[0];

/**
 * mongodb-memory-server's downloader, which prints the size first, draws on stderr instead of stdout, and gives up on a host that
 * does not answer. Address, proxy, retries, checksum and unpacking are its own.
 */
export class Downloader extends MongoBinaryDownload {
  readonly #progress: Progress;
  #host = '';
  #checksum = false;

  constructor(options: Options, progress: Progress) {
    super(options);
    this.#progress = progress;
  }

  /** Where it downloads from, for messages; empty before it begins. */
  get host(): string {
    return this.#host;
  }

  /** @throws {Unavailable} for an archive that is not available; else what the library throws */
  override async httpDownload(
    url: URL,
    options: RequestOptions,
    ...places: [location: string, temporary: string]
  ): Promise<string> {
    const secured = verifying(options);
    this.#host = url.host;
    this.#checksum = url.pathname.endsWith('.md5');
    if (!this.#checksum) {
      this.#progress.line(`Asking ${url.host} for mongod ${this.binaryOpts.version} ...`);
      const bytes = await sizeOf(url, secured);
      const size = bytes === undefined ? 'size not told' : megabytes(bytes);
      this.#progress.say(
        `Downloading mongod ${this.binaryOpts.version} (${size}, once) from ${url.host}. Ctrl+C stops it.`,
      );
    }
    return super.httpDownload(url, secured, ...places);
  }

  /** Called for each chunk; the library compares the sum with the announced length. */
  override printDownloadProgress({ length }: { length: number }): void {
    this.dlProgress.current += length;
    if (!this.#checksum) this.#progress.bar(this.dlProgress.current, this.dlProgress.length);
  }

  override async extract(archive: string): Promise<string> {
    this.#progress.line('Unpacking ...');
    return super.extract(archive);
  }
}

/**
 * The library checks a host's certificate only when npm passes on strict-ssl=true, which npm does not while that is the default. A program
 * that will be run must come from the right host, so the check stays on unless the user turned npm's or Node's off.
 */
export function verifying(options: RequestOptions): RequestOptions {
  if (process.env.npm_config_strict_ssl !== undefined) return options;
  const { rejectUnauthorized: _, ...rest } = options;
  return rest;
}
