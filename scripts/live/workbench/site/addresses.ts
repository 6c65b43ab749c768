import { UsageError } from '../../../shared/errors.ts';

/** The address of a workbench port for the learner's browser. */
export interface Address {
  /** 'http://127.0.0.1:4100', without a slash at the end. */
  readonly origin: string;
  /** The Host headers that a request for it may have. */
  readonly hosts: readonly string[];
}

/**
 * The address of a port: on this machine, unless WORKSHOP_ADDRESS is the address of forwarded ports, with {port} where the number
 * goes: https://my-machine-{port}.example.dev. GitHub Codespaces is known without it.
 * @throws UsageError when the setting is no such address
 */
export function addressOf(port: number, env: NodeJS.ProcessEnv = process.env): Address {
  const local = [`127.0.0.1:${port}`, `localhost:${port}`];
  const template = env.WORKSHOP_ADDRESS || inCodespaces(env);
  if (!template) return { origin: `http://127.0.0.1:${port}`, hosts: local };
  const url = template.includes('{port}') ? parse(template.replaceAll('{port}', String(port))) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.pathname !== '/') {
    throw new UsageError(
      `WORKSHOP_ADDRESS is ${template}. It has to be an address with {port} in it, such as https://my-machine-{port}.example.dev`,
    );
  }
  return { origin: url.origin, hosts: [...local, url.host] };
}

function inCodespaces({ CODESPACE_NAME, GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN }: NodeJS.ProcessEnv) {
  if (!CODESPACE_NAME || !GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN) return undefined;
  return `https://${CODESPACE_NAME}-{port}.${GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN}`;
}

function parse(address: string): URL | undefined {
  return URL.canParse(address) ? new URL(address) : undefined;
}
