import { describeAction } from './browse/action.ts';
import type { AuditContext } from './findings/audit-context.ts';
import type { Finding } from './findings/finding.ts';

/** The result of an audit. */
export interface AuditResult {
  readonly app: {
    readonly name: string;
    readonly version: string;
    readonly folder: string;
    readonly start: string;
  };
  readonly engine: string;
  /** How the app keeps sessions: 'express-session with MongoStore'. */
  readonly sessions: string;
  /** Pages and forms that were used, in words. */
  readonly way: Readonly<Record<string, string>>;
  readonly notes: readonly string[];
  readonly findings: readonly Finding[];
  readonly seconds: number;
}

/**
 * The notes on an audit beside its findings: the app, its sessions, the way through it, and facts about the run.
 * @param more notes of the search for a way
 */
export function described(
  context: AuditContext,
  more: readonly string[],
): Omit<AuditResult, 'findings' | 'seconds'> {
  const { app, backends, command, environment } = context.deployment;
  const { setup, way } = context;
  const madeUp = (environment?.madeUp ?? []).filter(
    (name) =>
      context.deployment.variables.includes(name) || setup?.secrets.includes(environment?.values[name] ?? ''),
  );
  const notes = [
    ...(environment?.overridden.length
      ? [`Set by the audit in place of the app's .env: ${environment.overridden.join(', ')}.`]
      : []),
    ...(madeUp.length ? [`Made up by the audit, since nothing sets them: ${madeUp.join(', ')}.`] : []),
    ...(context.app.redirected.length
      ? [`Redirected to the audit's own: ${context.app.redirected.join('; ')}.`]
      : []),
    ...(context.app.refused.length
      ? [`Connections of the app that were refused: ${context.app.refused.join(', ')}.`]
      : []),
    ...(setup?.secure
      ? ['Its cookie is Secure in every environment: its visitors come as through a proxy that ends TLS.']
      : []),
    ...(setup?.crossSite
      ? [
          'Its cookie has SameSite=None and is not Secure: browsers refuse it, and its visitors keep it all the same.',
        ]
      : []),
    ...(context.frontEnd
      ? [`Its visitors come from ${context.frontEnd}, as its source names it: it refuses its own origin.`]
      : []),
    ...(way.anyPassword ? ['Its login takes any password.'] : []),
    ...(backends.mongo.note ? [backends.mongo.note] : []),
    ...unsupported(context),
    ...more,
    ...(way.probe ? [] : [...new Set(way.tried)].slice(0, 6).map((each) => `Tried: ${each}`)),
  ];
  const store = setup?.library === 'cookie-session' ? '' : ` with ${setup?.store}`;
  const actions = (['signUp', 'logIn', 'logOut', 'everywhere', 'change'] as const).flatMap((name) => {
    const action = way[name];
    return action ? [[name, describeAction(action)]] : [];
  });
  return {
    app: { name: app.name, version: app.version, folder: app.dir, start: command.words },
    engine: `${backends.mongo.kind} ${backends.mongo.version}`,
    sessions: `${setup?.library}${store}`,
    way: Object.fromEntries([...actions, ...(way.probe ? [['private', way.probe.path]] : [])]),
    notes,
  };
}

function unsupported({ deployment: { backends } }: AuditContext): string[] {
  const lacks = [...new Set(backends.tap.refusals)].slice(0, 3);
  if (lacks.length === 0) return [];
  return [
    `The embedded engine lacks something that this app uses (${lacks.join('; ')}). npm run mongod gets a real one, for a whole audit.`,
  ];
}
