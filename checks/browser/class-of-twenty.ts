import { aReport, asks, joins } from '../../scripts/class/fixtures/learner.ts';
import type { TestClass } from '../../scripts/class/fixtures/test-class.ts';

const NAMES = [
  ...['Ann', 'Ben', 'Cem', 'Dot', 'Eve', 'Fay', 'Gus', 'Hal', 'Ida', 'Jörg', 'Kim', 'Łukasz', 'Mia', 'Ngọc'],
  ...['Олена', 'Pía', 'Quinn', '李小龍', 'Maximiliane Wintergarten'.slice(0, 24), 'Zoë'],
];
const LIKELY = [
  'Something changes req.session on each request, so express-session has to write it.',
  'The document belongs to the cookie, but the cart is kept elsewhere. It goes into req.session.cart.',
];

/** A class in the middle of a day: twenty learners in lessons 3 to 8, some of them stuck. */
export async function fillClass(testClass: TestClass): Promise<void> {
  await Promise.all(
    NAMES.map(async (name, at) => {
      const token = await joins(testClass, name);
      const current = 3 + (at % 6);
      for (let lesson = 1; lesson < current; lesson++) {
        await asks(testClass, '/reports', aReport({ seq: lesson, lesson, verdict: 'pass' }), token);
      }
      const verdict = at === 5 ? 'error' : 'fail';
      const likely = LIKELY[at % 2] as string;
      await asks(testClass, '/reports', aReport({ seq: 50, lesson: current, verdict, likely }), token);
    }),
  );
}
