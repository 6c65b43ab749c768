import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { workshopCopy } from '../course/fixtures/command-support.ts';
import { removeSync } from '../setup/files.mjs';

function fileWith(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'workshop-own-store-'));
  onTestFinished(() => removeSync(folder));
  const file = join(folder, 'my-store.ts');
  writeFileSync(file, text);
  return file;
}

const MEMORY = 'export default ({ MemoryStore }: { MemoryStore: new () => object }) => new MemoryStore();\n';

describe('npm run lab stores', () => {
  it('plays a store of one’s own, says what it fails, and ends with 1', async () => {
    const copy = workshopCopy();
    const { code, out } = await copy.run(`lab stores --quick --json ${fileWith(MEMORY)}`);
    expect(code).toBe(1);
    const { schema, stores } = JSON.parse(out);
    expect(schema).toBe(1);
    expect(stores).toHaveLength(1);
    expect(stores[0].cells.restart).toMatchObject({ verdict: 'bad', short: 'lost' });
    expect(stores[0].cells.destroys).toMatchObject({ verdict: 'ok' });
    expect(copy.read('.workshop/labs/stores.quick.html')).toContain('<table>');
  });

  it.each([
    [
      'a file that gives no store',
      'export default () => ({ get() {} });\n',
      /cannot be opened[\s\S]+an object with get, set and destroy/,
    ],
    ['a file with a mistake', 'export default () => {\n', /cannot be opened/],
  ])('ends with 2 for %s', async (_, text, words) => {
    const { code, out, err } = await workshopCopy().run(`lab stores --quick ${fileWith(text)}`);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(words);
    expect(err).not.toMatch(/^\s+at /m);
  });

  it('ends with 2 and the list for a name that is not in the catalogue', async () => {
    const { code, err } = await workshopCopy().run('lab stores conect-redis');
    expect(code).toBe(2);
    expect(err).toContain('There is no store "conect-redis"');
  });
});
