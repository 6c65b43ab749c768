import { EnvironmentError, UsageError } from './errors.ts';

const LAST_PORT = 65_535;
/** Linux allows ports up to this one only to administrators. */
const LAST_PRIVILEGED = 1023;
const RESERVED =
  'it may be reserved. On Windows, netsh interface ipv4 show excludedportrange protocol=tcp lists those that are';

/**
 * The port that a variable names.
 * @returns undefined when the variable is missing or empty
 * @throws {UsageError} when it is not a number from 1 to 65535 in decimal digits
 */
export function readPort(env: NodeJS.ProcessEnv, name: string): number | undefined {
  const value = env[name];
  if (!value) return undefined;
  const port = /^\d{1,5}$/.test(value) ? Number(value) : 0;
  if (port < 1 || port > LAST_PORT)
    throw new UsageError(`${name} is not the number of a port: 1 to ${LAST_PORT}.`);
  return port;
}

/**
 * The message for a server that cannot listen.
 * @param name the variable that sets the port
 * @returns undefined when the port is not the reason
 */
export function portProblem(error: unknown, port: number, name: string): EnvironmentError | undefined {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE')
    return new EnvironmentError(`Port ${port} is taken. Set ${name} to another one.`);
  if (code === 'EACCES')
    return new EnvironmentError(
      `This system does not allow you to listen on port ${port}${port > LAST_PRIVILEGED ? `: ${RESERVED}` : ''}. ` +
        `Set ${name} to another one, above ${LAST_PRIVILEGED}.`,
    );
  return undefined;
}
