/** A Redis for a lesson or a lab. It is empty when it starts. */
export interface Redis {
  /** Its name and version: 'redis-server 7.0.15', 'Redis 7.4.1 at your REDIS_URL'. */
  readonly words: string;
  /** redis://127.0.0.1:PORT, or REDIS_URL with the number of the borrowed database at the end. */
  readonly url: string;
  /** Ends the server, or gives the borrowed database back. */
  stop(): Promise<void>;
}
