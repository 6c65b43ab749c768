export const OLDEST_NODE = '20.19.0';

/**
 * What to tell someone whose Node is older than the workshop's packages allow.
 * @param {string} version as in process.versions.node: '18.17.1'
 * @returns {string | undefined} undefined when the version is new enough
 */
export function nodeTooOld(version) {
  const have = version.split('.').map(Number);
  const need = OLDEST_NODE.split('.').map(Number);
  const first = need.findIndex((part, i) => part !== have[i]);
  if (first === -1 || have[first] > need[first]) return undefined;
  return [
    `This is Node ${version}. The workshop needs Node ${OLDEST_NODE} or later.`,
    'Get the current LTS from https://nodejs.org, or with a version manager: nvm install --lts',
    'Then run the same command again.',
  ].join('\n');
}
