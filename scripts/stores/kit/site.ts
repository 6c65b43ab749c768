import { type RedisProxy, startRedisProxy as startProxy } from '../../redis/redis-proxy.ts';
import type { Backend, Place } from '../backends/index.ts';

/** A place of a backend, and its outage: a proxy in front of a server, or a folder that is moved away. */
export class Site {
  readonly place: Place;
  readonly proxy: RedisProxy | undefined;

  private constructor(place: Place, proxy: RedisProxy | undefined) {
    this.place = place;
    this.proxy = proxy;
  }

  static async of(backend: Backend): Promise<Site> {
    const place = await backend.place();
    return new Site(place, place.isServer ? await startProxy(place.url) : undefined);
  }

  /** The backend's address for the store. */
  get url(): string {
    return this.proxy?.url ?? this.place.url;
  }

  /** Whether the server deletes expired records by itself. */
  get ends(): boolean {
    return this.place.ends ?? false;
  }

  get canBeAway(): boolean {
    return this.proxy !== undefined || this.place.away !== undefined;
  }

  /** Stops the server, so that connections are refused, or moves the folder away. */
  async away(): Promise<void> {
    if (this.proxy) await this.proxy.refuse('closed');
    else this.place.away?.();
  }

  async back(): Promise<void> {
    if (this.proxy) await this.proxy.behave();
    else this.place.back?.();
  }

  async remove(): Promise<void> {
    await this.proxy?.stop();
    await this.place.remove();
  }
}
