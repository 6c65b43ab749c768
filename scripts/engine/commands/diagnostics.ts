import { arch, cpus, hostname, type as osType, release, totalmem } from 'node:os';
import type { Document } from 'bson';
import { checkCommand, flagArg, textArg } from '../args.ts';
import { CommandError } from '../errors.ts';
import { type Doc, type Found, isArray, isDoc } from '../values.ts';
import { adminOnly, type Handler, type Handlers } from './call.ts';
import { VERSION } from './version.ts';

const STARTED = new Date();
/** The roles of each user of the engine: they may do everything (MongoDB manual, "Built-In Roles"). */
const ROLES = [{ role: 'root', db: 'admin' }];

/** The parameters of the engine; mongod has hundreds. */
const PARAMETERS: Document = { featureCompatibilityVersion: { version: '7.0' }, ttlMonitorEnabled: true };

const getParameter: Handler = (call) => {
  adminOnly(call);
  const all = call.command.get('getParameter') === '*';
  const found = Object.entries(PARAMETERS).filter(([name]) => all || call.command.has(name));
  if (found.length === 0) throw new CommandError(72, 'no option found to get');
  return { ...Object.fromEntries(found), ok: 1 };
};

const connectionStatus: Handler = ({ command, connection }) => {
  checkCommand(command, 'connectionStatus', ['showPrivileges']);
  const somebody = connection.user !== undefined;
  const privileges = somebody ? [{ resource: { anyResource: true }, actions: ['anyAction'] }] : [];
  return {
    authInfo: {
      authenticatedUsers: somebody ? [{ user: connection.user, db: 'admin' }] : [],
      authenticatedUserRoles: somebody ? ROLES : [],
      ...(flagArg(command, 'connectionStatus', 'showPrivileges')
        ? { authenticatedUserPrivileges: privileges }
        : {}),
    },
    ok: 1,
  };
};

const whatsmyuri: Handler = ({ command, connection }) => {
  checkCommand(command, 'whatsmyuri', []);
  return { you: connection.peer, ok: 1 };
};

const hostInfo: Handler = ({ command }) => {
  checkCommand(command, 'hostInfo', []);
  const memory = Math.floor(totalmem() / 2 ** 20);
  return {
    system: {
      currentTime: new Date(),
      hostname: hostname(),
      cpuAddrSize: 64,
      memSizeMB: memory,
      memLimitMB: memory,
      numCores: cpus().length,
      cpuArch: arch(),
      numaEnabled: false,
    },
    os: { type: osType(), name: osType(), version: release() },
    extra: {},
    ok: 1,
  };
};

/** A few of mongod's hundreds of figures. The reply is the same whichever sections a client names. */
const serverStatus: Handler = () => {
  const uptimeMillis = Date.now() - STARTED.getTime();
  return {
    host: hostname(),
    version: VERSION,
    process: 'embedded',
    pid: process.pid,
    uptime: Math.floor(uptimeMillis / 1000),
    uptimeMillis,
    localTime: new Date(),
    mem: { bits: 64, resident: Math.floor(process.memoryUsage.rss() / 2 ** 20) },
    storageEngine: { name: 'memory', persistent: false },
    ok: 1,
  };
};

const getCmdLineOpts: Handler = (call) => {
  adminOnly(call);
  checkCommand(call.command, call.name, []);
  return { argv: ['embedded'], parsed: {}, ok: 1 };
};

const getLog: Handler = (call) => {
  adminOnly(call);
  checkCommand(call.command, call.name, []);
  const log = textArg(call.command, call.name, call.name);
  if (log === '*') return { names: ['global', 'startupWarnings'], ok: 1 };
  if (log === 'startupWarnings' || log === 'global') return { totalLinesWritten: 0, log: [], ok: 1 };
  throw new CommandError(96, `No log named '${log}'`);
};

/** Whether `asked`, of a usersInfo in `database`, includes the user `name`: a name, `{ user, db }`, several of these, or 1 for all. */
function means(asked: Found, database: string, name: string): boolean {
  if (isArray(asked)) return asked.some((one) => means(one, database, name));
  if (isDoc(asked)) return asked.get('forAllDBs') === true || isUser(asked, name);
  return database === 'admin' && (typeof asked !== 'string' || asked === name);
}
const isUser = (asked: Doc, name: string) => asked.get('user') === name && asked.get('db') === 'admin';

const usersInfo: Handler = ({ command, database, users }) => {
  checkCommand(command, 'usersInfo', [], ['showCredentials', 'showPrivileges', 'filter', 'showCustomData']);
  const named = (users?.names ?? []).filter((name) => means(command.get('usersInfo'), database, name));
  const described = named.map((user) => ({
    _id: `admin.${user}`,
    user,
    db: 'admin',
    roles: ROLES,
    mechanisms: ['SCRAM-SHA-256'],
  }));
  return { users: described, ok: 1 };
};

export const DIAGNOSTICS: Handlers = {
  getParameter,
  connectionStatus,
  whatsmyuri,
  hostInfo,
  serverStatus,
  getCmdLineOpts,
  getLog,
  usersInfo,
};
