import { remarksOnEnvFile } from '../shared/environment.ts';
import { EnvironmentError } from '../shared/errors.ts';
import { type Finding, fault, warning } from './finding.ts';

/** Problems of the file `.env` itself. The connection string in it is examined elsewhere. */
export function examineEnvFile(root: string, env: NodeJS.ProcessEnv): Finding[] {
  try {
    return remarksOnEnvFile(root, env).map(({ kind, words, fix }) =>
      kind === 'encoding'
        ? warning('env-encoding', '.env', words, fix)
        : warning('env-name', '.env', words, fix),
    );
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    const [seen = '', ...fix] = error.message.split('. ');
    return [fault('env-file', '.env', seen, fix.join('. '))];
  }
}
