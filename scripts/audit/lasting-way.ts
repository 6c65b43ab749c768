import { EnvironmentError } from '../shared/errors.ts';
import { lastWords } from './app/output.ts';
import { bodiesIn } from './browse/body-fields.ts';
import { findWay } from './browse/find-way.ts';
import { MOST_PAGES } from './browse/logged-in.ts';
import type { Flow } from './browse/way.ts';
import type { AuditContext } from './findings/audit-context.ts';

/** The divisor for the number of pages after a page has ended the app. */
const FEWER = 3;

/**
 * Finds the way through an app. When a page ends the app, it is started again, and fewer pages are opened. Login and
 * sign-up are among the first.
 * @returns notes for the report
 * @throws {EnvironmentError} when it has answered no page
 */
export async function findLastingWay(context: AuditContext, flow: Flow): Promise<string[]> {
  const notes: string[] = [];
  const bodies = bodiesIn(context.deployment.sources);
  for (let most = MOST_PAGES; ; most = Math.floor(most / FEWER)) {
    context.way = await findWay(() => context.visitor(), await context.app.routes(), flow, most, bodies);
    if (context.way.probe || !(await context.app.isDown())) return notes;
    const how = `its process ${await context.app.howItEnded()}; it printed: ${lastWords(context.app.output.text)}`;
    if (context.way.pages.length === 0)
      throw new EnvironmentError(`The app started, and ended before it answered a page: ${how}`);
    await context.restart();
    if (most < FEWER) return notes;
    notes.push(
      `While ${most} of its pages were opened, ${how}. It was started again, and fewer were opened.`,
    );
  }
}
