import { EnvironmentError } from '../shared/errors.ts';
import { AppDown, Deployment, notStarted, type StartOptions } from './app/deployment.ts';
import { inWords } from './browse/action.ts';
import { type Exchange, NoAnswer } from './browse/visitor.ts';
import { type Flow, findWay } from './browse/way.ts';
import { CHECKS } from './checks.ts';
import { FINDING_IDS, type FindingId } from './findings/catalogue.ts';
import { type Finding, NotTestable, notTested } from './findings/finding.ts';
import { Scene } from './findings/scene.ts';

/** What a user asks of an audit. */
export interface AuditOptions extends StartOptions {
  readonly flow: Flow;
  /** The findings that are wanted. */
  readonly wanted: readonly FindingId[];
  /** How long all of it may take, in milliseconds. Checks that do not begin in time are not run. */
  readonly budget: number;
  /** Is told what is done now. */
  readonly progress: (doing: string) => void;
}

/** What an audit saw. */
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
 * Starts an app, plays shoppers on it, and ends it.
 * @throws {UsageError} or {EnvironmentError} when it cannot be audited
 */
export async function audit(folder: string, options: AuditOptions): Promise<AuditResult> {
  const began = performance.now();
  options.progress('starting the app');
  const deployment = await Deployment.open(folder, options);
  try {
    const app = await started(deployment);
    const scene = new Scene(deployment, app);
    if (!scene.setup)
      throw new EnvironmentError(
        'This app has set up neither express-session nor cookie-session by the time it answers, so it has no sessions that the audit could look at.',
      );
    options.progress('finding sign-up, login and logout');
    scene.way = await findWay(() => scene.visitor(), await app.routes(), options.flow);
    const findings = await runChecks(scene, options, began);
    return { ...described(scene), findings, seconds: Math.round((performance.now() - began) / 100) / 10 };
  } finally {
    await deployment.stop();
  }
}

async function started(deployment: Deployment) {
  try {
    return await deployment.start();
  } catch (error) {
    throw error instanceof AppDown ? notStarted(error, deployment.dir) : error;
  }
}

async function runChecks(
  scene: Scene,
  { wanted, budget, progress }: AuditOptions,
  began: number,
): Promise<Finding[]> {
  const found = new Map<FindingId, Finding>();
  for (const { ids, run, atOnce } of CHECKS) {
    const asked = ids.filter((id) => wanted.includes(id));
    if (asked.length === 0) continue;
    progress(asked.join(', '));
    const left = budget - (performance.now() - began);
    const findings =
      left < 0 && !atOnce
        ? ids.map((id) => notTested(id, `the time was over (--budget ${budget / 1000})`))
        : await runOne(scene, ids, (each) => run(each, left));
    for (const finding of findings) found.set(finding.id, finding);
  }
  return FINDING_IDS.filter((id) => wanted.includes(id)).flatMap((id) => found.get(id) ?? []);
}

async function runOne(
  scene: Scene,
  ids: readonly FindingId[],
  run: (scene: Scene) => Promise<Finding[]>,
): Promise<Finding[]> {
  let findings: Finding[] = [];
  let why = 'the check told nothing of it';
  try {
    if (scene.app.hasEnded) await scene.restart();
    findings = await run(scene);
  } catch (error) {
    why = reason(error);
  }
  return ids.map((id) => findings.find((finding) => finding.id === id) ?? notTested(id, why));
}

function reason(error: unknown): string {
  if (error instanceof NotTestable) return error.message;
  if (error instanceof NoAnswer) return `the app did not answer: ${error.message}`;
  if (error instanceof AppDown) return `the app did not start again: ${error.message}`;
  return `the check itself failed: ${error instanceof Error ? error.message : String(error)}`;
}

function described(scene: Scene): Omit<AuditResult, 'findings' | 'seconds'> {
  const { app, backends, command, environment } = scene.deployment;
  const { setup, way } = scene;
  const madeUp = (environment?.madeUp ?? []).filter(
    (name) =>
      scene.deployment.variables.includes(name) || setup?.secrets.includes(environment?.values[name] ?? ''),
  );
  const notes = [
    ...(environment?.overridden.length
      ? [`Set by the audit in place of the app's .env: ${environment.overridden.join(', ')}.`]
      : []),
    ...(madeUp.length ? [`Made up by the audit, since nothing sets them: ${madeUp.join(', ')}.`] : []),
    ...(scene.app.redirected.length
      ? [`Redirected to the audit's own: ${scene.app.redirected.join('; ')}.`]
      : []),
    ...(scene.app.refused.length
      ? [`Connections of the app that were refused: ${scene.app.refused.join(', ')}.`]
      : []),
    ...(backends.mongo.note ? [backends.mongo.note] : []),
    ...unsupported(scene),
    ...(way.probe ? [] : way.tried.slice(0, 6).map((each) => `Tried: ${each}`)),
  ];
  const store = setup?.library === 'cookie-session' ? '' : ` with ${setup?.store}`;
  const actions = (['signUp', 'logIn', 'logOut', 'everywhere', 'change'] as const).flatMap((name) => {
    const action = way[name];
    return action ? [[name, inWords(action)]] : [];
  });
  return {
    app: { name: app.name, version: app.version, folder: app.dir, start: command.words },
    engine: `${backends.mongo.kind} ${backends.mongo.version}`,
    sessions: `${setup?.library}${store}`,
    way: Object.fromEntries([...actions, ...(way.probe ? [['private', way.probe.path]] : [])]),
    notes,
  };
}

function unsupported({ deployment: { backends } }: Scene): string[] {
  const lacks = [...new Set(backends.tap.refusals)].slice(0, 3);
  if (lacks.length === 0) return [];
  return [
    `The embedded engine lacks something that this app uses (${lacks.join('; ')}). npm run mongod gets a real one, for a whole audit.`,
  ];
}

export type { Exchange };
