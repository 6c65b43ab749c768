import { type RedisProxy, startRedisProxy as startProxy } from '../../redis/line.ts';
import type { Backend, Place } from '../backends/index.ts';

/** A place of a backend, and what makes it be away: a proxy in front of a server, or the folder moved elsewhere. */
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

  /** Where the store is told that its backend is. */
  get url(): string {
    return this.proxy?.url ?? this.place.url;
  }

  /** Whether the server removes records at their end by itself. */
  get ends(): boolean {
    return this.place.ends ?? false;
  }

  get canBeAway(): boolean {
    return this.proxy !== undefined || this.place.away !== undefined;
  }

  /** Connections are refused, or the folder is gone. */
  async away(): Promise<void> {
    if (this.proxy) await this.proxy.refuse();
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
