import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { HERE, MEMBERSHIP, startTestClass } from '../class/fixtures/test-class.ts';
import { readSettings } from '../class/server/settings.ts';
import { workshopCopy } from '../course/fixtures/command-support.ts';
import { refusedUri } from '../mongo/refused.ts';
import { EnvironmentError } from '../shared/errors.ts';
import { main as openCommand } from './class.ts';
import { main as joinCommand } from './join.ts';

describe('npm run class', () => {
  it.each([
    [{ CLASS_PASSWORD: 'short' }, 'CLASS_PASSWORD is too short: it needs 12 characters.'],
    [{ MONGODB_URI: 'mongodb://u:hunter2@<host>/' }, 'MONGODB_URI still has a <placeholder> in it.'],
  ])('does not open with %j', (env, words) => {
    expect(() => readSettings(env)).toThrow(new EnvironmentError(words));
  });

  it('takes the code of one class, which must be there', async () => {
    await expect(openCommand(['ABC', 'DEF'])).rejects.toMatchObject({
      exitCode: 2,
      message: 'npm run class takes the code of one class, and was given ABC DEF.',
    });
    const words = 'There is no open class BCD-234 in this database. npm run class   begins one.\n';
    expect(await workshopCopy().run('class BCD-234', HERE)).toEqual({ code: 2, out: '', err: words });
  });

  it('says which port is taken, and which MongoDB is away, without its password', async () => {
    const taken = createServer().listen(0);
    await once(taken, 'listening');
    const port = String((taken.address() as { port: number }).port);
    const busy = await workshopCopy().run('class', { ...HERE, CLASS_PORT: port });
    taken.close();
    expect(busy).toMatchObject({ code: 3, err: `Port ${port} is taken. Set CLASS_PORT to another one.\n` });

    const away = await refusedUri();
    const uri = away.uri.replace('//', '//teacher:hunter2@');
    const env = { ...HERE, MONGODB_URI: uri, DATABASE_TIMEOUT_MS: '300' };
    const { code, out, err } = await workshopCopy().run('class', env);
    await away.release();
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(err).toMatch(/^The MongoDB of MONGODB_URI cannot be used \(\w+\)\. npm run doctor says why\.\n$/);
  });
});

describe('npm run join', () => {
  it.each([
    ['', 'npm run join needs the address and the code on the screen'],
    ['127.0.0.1:4600', 'npm run join needs the address and the code'],
    ['not/an/address BCD-234 Ann', '"not/an/address" is no address.'],
    ['127.0.0.1:4600 BCD-234 <Ann>', 'The nickname has characters that it cannot have.'],
  ])('is used wrongly with "%s"', async (line, words) => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    const wrong = { exitCode: 2, message: expect.stringContaining(words) };
    await expect(joinCommand(line.split(' ').filter(Boolean))).rejects.toMatchObject(wrong);
    log.mockRestore();
  });

  it('asks for a nickname only where somebody can answer', async () => {
    const { code, err } = await workshopCopy().run('join 127.0.0.1:4600 BCD-234', HERE);
    expect({ code, err }).toEqual({
      code: 2,
      err: 'A nickname is missing: npm run join ADDRESS CODE NICKNAME\n',
    });
  });

  it('says when no class is there, when the code is wrong, and when somebody has the nickname', async () => {
    const testClass = await startTestClass();
    const away = await refusedUri();
    const port = new URL(away.uri).port;
    const nobody = await workshopCopy().run(`join 127.0.0.1:${port} BCD-234 Ann`, HERE);
    await away.release();
    expect(nobody.code).toBe(3);
    expect(nobody.err).toContain(`There is no class at http://127.0.0.1:${port}: nothing listens there.`);

    const [ann, other] = [workshopCopy(), workshopCopy()];
    const wrong = await ann.run(`join ${testClass.address} BCD-234 Ann`, HERE);
    expect(wrong).toMatchObject({
      code: 2,
      err: expect.stringContaining('That is not the code of this class.'),
    });
    expect((await ann.run(`join ${testClass.address} ${testClass.code} Ann`, HERE)).code).toBe(0);
    const taken = await other.run(`join ${testClass.address} ${testClass.code} ann`, HERE);
    expect(taken).toMatchObject({
      code: 2,
      err: 'Somebody in this class is called ann already. Free is: ann 2\n',
    });
    expect(other.has(MEMBERSHIP)).toBe(false);
    expect((await ann.run(`join ${testClass.address} ${testClass.code} Ann M.`, HERE)).code).toBe(0);
    expect(await testClass.records.learners.distinct('nickname')).toEqual(['Ann M.']);
  });
});
