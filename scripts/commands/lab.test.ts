import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, it, vi } from 'vitest';
import { workshopCopy } from '../course/fixtures/command-support.ts';
import { LABS } from '../labs/labs.ts';
import { main } from './lab.ts';

describe('npm run lab', () => {
  it('lists the labs with their claims', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    expect(await main([])).toBe(0);
    const out = log.mock.calls.flat().join('\n');
    log.mockRestore();
    for (const { name, claim } of LABS) expect(out).toContain(`  ${name.padEnd(9)}${claim}`);
    expect(LABS.map(({ name }) => name).sort()).toEqual([
      'memory',
      'race',
      'restart',
      'size',
      'speed',
      'ttl',
    ]);
  });

  it('ends with 2 and the list for a name that is none of theirs', async () => {
    const { code, out, err } = await workshopCopy().run('lab spede');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('There is no lab "spede". The labs are:');
    for (const { name } of LABS) expect(err).toContain(`\n  ${name} `);
  });

  it('takes one name', async () => {
    await expect(main(['memory', 'ttl'])).rejects.toMatchObject({
      exitCode: 2,
      message: 'npm run lab takes one lab, and was given memory ttl.',
    });
  });

  it('prints one JSON document, and keeps it beside a page', async () => {
    const copy = workshopCopy();
    const { code, out } = await copy.run('lab ttl --quick --json', { WORKSHOP_MONGO: 'embedded' });
    const result = JSON.parse(out);
    expect(code).toBe(0);
    expect(result).toMatchObject({ schema: 1, lab: 'ttl', size: 'quick', complete: true });
    expect(result.servers).toEqual([expect.stringMatching(/^embedded \d/)]);
    expect(JSON.parse(copy.read('.workshop/labs/ttl.quick.json'))).toEqual(result);
    expect(copy.read('.workshop/labs/ttl.quick.html')).toContain('<table>');
  });

  it('ends with 3 and a sentence when its engine cannot be had', async () => {
    const { code, out, err } = await workshopCopy().run('lab ttl', { WORKSHOP_MONGO: 'mongo' });
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toBe("WORKSHOP_MONGO is 'mongo'. It can be auto, mongod or embedded.\n");
  });

  // On Windows no process can send Ctrl+C to another as a signal.
  it.skipIf(process.platform === 'win32')('keeps what was measured when Ctrl+C ends it', async () => {
    const copy = workshopCopy();
    const env = { ...process.env, NO_COLOR: '1', WORKSHOP_MONGO: 'embedded' };
    const child = spawn(process.execPath, ['scripts/launch.mjs', 'lab', 'ttl'], { cwd: copy.root, env });
    const out = text(child.stdout);
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += chunk;
      // By then two sixths of it are in the table.
      if (said.includes(' 40 % ')) child.kill('SIGINT');
    });
    const [code] = await once(child, 'close');
    expect(code).toBe(130);
    expect(await out).toMatch(/hour[\s\S]+ 4 {3}with [\s\S]+Stopped before the end[\s\S]+ttl\.stopped\.html/);
    const { complete, rows } = JSON.parse(copy.read('.workshop/labs/ttl.stopped.json'));
    expect(complete).toBe(false);
    expect(rows.length).toBeGreaterThanOrEqual(8);
    expect(rows.length).toBeLessThan(24);
  });
});
