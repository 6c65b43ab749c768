import type { RequestOptions } from 'node:https';
import { join } from 'node:path';
import { DryMongoBinary } from 'mongodb-memory-server';
import { MongoBinaryDownload } from 'mongodb-memory-server-core/lib/util/MongoBinaryDownload.js';
import { MongoBinaryDownloadUrl } from 'mongodb-memory-server-core/lib/util/MongoBinaryDownloadUrl.js';
import { verifying } from '../mongo/downloader.ts';
import { sizeOf } from '../mongo/probe.ts';

/** mongodb-memory-server's downloader with its address and proxy. It asks for the size and downloads nothing. */
class Asker extends MongoBinaryDownload {
  bytes: number | undefined;

  override async httpDownload(url: URL, options: RequestOptions): Promise<string> {
    this.bytes = await sizeOf(url, verifying(options));
    return '';
  }
}

/**
 * Asks the download host whether it has a mongod for this system, and its size in bytes.
 * @throws {Unavailable} when the host does not answer within two seconds or has none; {Error} when none is made for this system
 */
export async function askForMongod(root: string): Promise<{ host: string; bytes?: number }> {
  const options = await DryMongoBinary.generateOptions({ downloadDir: join(root, '.workshop') });
  const url = await new MongoBinaryDownloadUrl(options).getDownloadUrl();
  const asker = new Asker(options);
  await asker.download(url);
  const { host } = new URL(url);
  return asker.bytes === undefined ? { host } : { host, bytes: asker.bytes };
}
