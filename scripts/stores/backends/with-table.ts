import { UsageError } from '../../shared/errors.ts';
import type { Backend } from './types.ts';

/**
 * A backend where every place already has the table of a store that makes none, as after an app's migration.
 * @throws {UsageError} when the backend runs no statements; its `place` rejects with the database's error
 */
export function withTable(backend: Backend, sql: string): Backend {
  return {
    ...backend,
    place: async () => {
      const place = await backend.place();
      try {
        if (!place.run)
          throw new UsageError(`--sql is for PostgreSQL and MariaDB, not for ${backend.words}.`);
        await place.run(sql);
        return place;
      } catch (error) {
        await place.remove();
        if (error instanceof UsageError) throw error;
        const { stderr, message } = error as Error & { stderr?: string };
        throw new UsageError(
          `The statements of --sql failed on ${backend.words}. It says: ${(stderr || message).trim()}`,
        );
      }
    },
  };
}
