import { describe, expect, it } from 'vitest';
import { edited } from './edit.ts';
import { nameOf } from './mutant.ts';
import { ownEdits } from './own-operators.ts';
import { strykerEdits } from './stryker.ts';

/** The mutants of one of our operators, without blanks. */
function made(operator: string, text: string): string[] {
  return ownEdits(text)
    .filter((edit) => edit.operator === operator)
    .map((edit) => edited(text, edit).replace(/\s+/g, ' ').trim());
}

describe('our own operators', () => {
  it('leave out one of several properties, elements, or the last of several arguments', () => {
    expect(made('ItemRemoval', 'f({ a: 1, ...b }, [c, d])')).toEqual([
      'f({ a: 1, ...b }, )',
      'f({ ...b }, [c, d])',
      'f({ a: 1, }, [c, d])',
      'f({ a: 1, ...b }, [ d])',
      'f({ a: 1, ...b }, [c, ])',
    ]);
  });

  it('leave the only one to Stryker', () => {
    expect(ownEdits('f({ a }); g([b]);').map(({ operator }) => operator)).not.toContain('ItemRemoval');
  });

  it('forget one of several statements, and no declaration', () => {
    expect(made('StatementRemoval', 'const a = 1; f(a); if (a) f(); else { g(); throw a; }')).toEqual([
      'const a = 1; if (a) f(); else { g(); throw a; }',
      'const a = 1; f(a);',
      'const a = 1; f(a); if (a) f(); else { throw a; }',
      'const a = 1; f(a); if (a) f(); else { g(); }',
    ]);
  });

  it('mount a middleware a line too late', () => {
    expect(made('LateMiddleware', 'app.use(a);\napp.get(b);\nreturnsNothing();')).toEqual([
      'app.get(b); app.use(a); returnsNothing();',
    ]);
  });

  it('do not wait, and take another number', () => {
    expect(made('AwaitRemoval', 'await save(1);')).toEqual(['save(1);']);
    expect(made('NumericLiteral', 'f(30, 0);')).toEqual(['f(0, 0);', 'f(30, 1);']);
  });

  it('read TypeScript', () => {
    expect(made('NumericLiteral', 'const f = <T,>(a?: T): a is T => a! === (7 as never);')).toHaveLength(1);
  });
});

it('Stryker’s mutants come as edits of the text, each in its place', async () => {
  const text = 'session({\n  resave: false,\n  store: await make(),\n});\n';
  const texts = (await strykerEdits(text)).map((edit) => edited(text, edit));
  expect(texts).toContain(text.replace('false', 'true'));
  expect(texts).toContain('session({});\n');
});

describe('a mutant’s name', () => {
  const TEXT = 'app.use(\n  session({\n    resave: false,\n  }),\n);\n';
  const edit = (text: string) => {
    const start = text.indexOf('false');
    return { operator: 'BooleanLiteral', start, end: start + 5, replacement: 'true' };
  };

  it('says where it is, what stood there, and what stands there now', () => {
    expect(nameOf('app.ts', TEXT, edit(TEXT))).toBe('app.ts in `session({`: resave: false, → resave: true,');
  });

  it('is the same when lines come before it, and when comments do', () => {
    const text = `const a = 1;\n\n${TEXT.replace('    resave', '    // why\n    resave')}`;
    expect(nameOf('app.ts', text, edit(text))).toBe(nameOf('app.ts', TEXT, edit(TEXT)));
  });

  it('names the next line around it that stands there once', () => {
    const text = `session({\n  a,\n});\n${TEXT}`;
    expect(nameOf('app.ts', text, edit(text))).toContain('in `app.use(`');
  });

  it('says nothing for nothing', () => {
    const whole = { operator: 'StatementRemoval', start: 0, end: 4, replacement: '' };
    expect(nameOf('a.ts', 'f();\ng();', whole)).toBe('a.ts: f(); → nothing');
  });
});
