import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../shared/paths.ts';
import { errorIndex } from './error-index.ts';
import { GROUPS } from './problems/catalogue.ts';
import type { Problem } from './problems/problem.ts';

const SAMPLE: Record<string, Problem> = {
  away: { says: ['refused', '… gone'], cause: 'Nobody is there.', fix: 'Start it.', lesson: 5 },
  shut: { says: ['refused'], codes: { 7: 'Shut' }, cause: 'It is a <door>.', fix: 'Open it.' },
  old: { says: [{ text: 'a `b` | c', reported: true }], cause: 'It is old.', fix: 'Ask.' },
  silent: { says: [], cause: 'It says nothing.', fix: 'Ask.' },
};

it('has each message once, with all its problems, in the order of the alphabet', () => {
  expect(errorIndex([['Sample', SAMPLE]])).toContain(`
| it says | problem |
| --- | --- |
| \`\` a \`b\` \\| c \`\` * | [old](#old) |
| \`… gone\` | [away](#away) |
| \`refused\` | [away](#away), [shut](#shut) |
`);
});

it('has each problem with what it says, its codes, its cause, its fix and its lesson', () => {
  expect(errorIndex([['Sample', SAMPLE]])).toContain(`
## Sample

### away

- **it says**: \`refused\`
- **it says**: \`… gone\`
- **cause**: Nobody is there.
- **fix**: Start it.
- **lesson**: 5

### shut

- **it says**: \`refused\`
- **codes of MongoDB**: 7 (Shut)
- **cause**: It is a \`<door>\`.
- **fix**: Open it.
- **lesson**: none
`);
});

it('stands in the reference as the catalogue has it', async () => {
  const file = join(ROOT, 'lessons', 'reference', 'errors.md');
  await expect(errorIndex(GROUPS)).toMatchFileSnapshot(
    file,
    'To make the page anew: npx vitest run scripts/doctor/error-index.test.ts -u',
  );
});
