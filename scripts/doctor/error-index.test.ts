import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../shared/paths.ts';
import { OF_DEPLOYMENT } from './ailments-of-deployment.ts';
import { OF_MACHINE } from './ailments-of-machine.ts';
import { OF_NETWORK } from './ailments-of-network.ts';
import { OF_STRING } from './ailments-of-string.ts';
import { CATALOGUE } from './catalogue.ts';
import { errorIndex } from './error-index.ts';
import type { Problem } from './problem.ts';

const GROUPS = [
  ['The string cannot be read, or does not say what was meant', OF_STRING],
  ['The server is not found, or does not answer', OF_NETWORK],
  ['The server says no, or keeps sessions badly', OF_DEPLOYMENT],
  ['This machine', OF_MACHINE],
] as const;

const CLINIC: Record<string, Problem> = {
  away: { says: ['refused', '… gone'], cause: 'Nobody is there.', fix: 'Start it.', lesson: 5 },
  shut: { says: ['refused'], cause: 'It is a <door>.', fix: 'Open it.' },
  silent: { says: [], cause: 'It says nothing.', fix: 'Ask.' },
};

it('has each message once, with all its ailments, in the order of the alphabet', () => {
  expect(errorIndex([['Clinic', CLINIC]])).toContain(`
| it says | ailment |
| --- | --- |
| \`… gone\` | [away](#away) |
| \`refused\` | [away](#away), [shut](#shut) |
`);
});

it('has each ailment with what it says, its cause, its fix and its lesson', () => {
  expect(errorIndex([['Clinic', CLINIC]])).toContain(`
## Clinic

### away

- **it says**: \`refused\`
- **it says**: \`… gone\`
- **cause**: Nobody is there.
- **fix**: Start it.
- **lesson**: 5

### shut

- **it says**: \`refused\`
- **cause**: It is a \`<door>\`.
- **fix**: Open it.
- **lesson**: none

### silent

- **it says**: nothing; it fails in silence
`);
});

it('leaves no part of the catalogue out', () => {
  const ids = GROUPS.flatMap(([, entries]) => Object.keys(entries));
  expect(ids.sort()).toEqual(Object.keys(CATALOGUE).sort());
});

it('stands in the reference as the catalogue has it', async () => {
  const file = join(ROOT, 'lessons', 'reference', 'errors.md');
  await expect(errorIndex(GROUPS)).toMatchFileSnapshot(
    file,
    'To make the page anew: npx vitest run scripts/doctor/error-index.test.ts -u',
  );
});
