import { type Request, type Response, Router } from 'express';
import { formatCode } from '../join-code.ts';
import { keyOf } from '../nickname.ts';
import { endClass } from './classes.ts';
import { giveToken } from './csrf.ts';
import { csvOf } from './csv.ts';
import { dashboardOf } from './dashboard.ts';
import { learnersOf, remove } from './learners.ts';
import { COOKIE, isPassword, limitGuessing, requireInstructor } from './login.ts';
import type { ClassContext } from './types.ts';

/** The instructor's routes: login, dashboard and its actions. */
export function instructorRoutes({
  code,
  password,
  records,
  lessons,
  addresses,
  keptIn,
}: ClassContext): Router {
  const router = Router();

  router.get('/login', (_req, res) => {
    res.render('login');
  });

  router.post('/login', limitGuessing(), async (req, res) => {
    if (!isPassword(req.body?.password, password)) {
      res.status(401).render('login', {
        problem: 'This is not the password. It is in the terminal where the class was started.',
      });
      return;
    }
    // A new session ID: somebody may know the old one (session fixation).
    await done((callback) => req.session.regenerate(callback));
    Object.assign(req.session, { isLoggedIn: true, userId: code, loggedInAt: Date.now() });
    await saveThenRedirect(req, res, '/');
  });

  router.use(requireInstructor(code));

  router.post('/logout', async (req, res) => {
    await done((callback) => req.session.destroy(callback));
    res.clearCookie(COOKIE.name, COOKIE.attributes);
    res.redirect(303, '/login');
  });

  router.get('/', async (req, res) => {
    const [thisClass, learners] = await Promise.all([
      records.classes.findOne({ _id: code }),
      learnersOf(records, code),
    ]);
    const dashboard = dashboardOf(
      thisClass ?? { _id: code, startedAt: new Date(), endedAt: new Date() },
      learners,
      lessons,
    );
    const { flash, csrfToken } = req.session;
    delete req.session.flash;
    res.render('dashboard', {
      ...dashboard,
      code: formatCode(code),
      addresses,
      keptIn,
      flash,
      csrf: csrfToken,
    });
  });

  router.get('/class.csv', async (_req, res) => {
    const csv = csvOf(await learnersOf(records, code), lessons);
    res.attachment(`class-${code}.csv`).type('csv').send(csv);
  });

  router.post('/end', async (req, res) => {
    await endClass(records, code);
    req.session.flash = 'The class has ended. Nobody joins any more; what was graded before still arrives.';
    await saveThenRedirect(req, res, '/');
  });

  router.post('/remove', async (req, res) => {
    const given = String(req.body?.nickname ?? '').trim();
    const learner = await records.learners.findOne({ classCode: code, key: keyOf(given) });
    if (learner) await remove(records, learner);
    req.session.flash = learner
      ? `${learner.nickname} was taken out of the class, with all verdicts.`
      : `Nobody in this class is called ${given || 'nothing'}.`;
    await saveThenRedirect(req, res, '/');
  });

  return router;
}

/** Redirects after the session is stored, so that the next request finds it. */
async function saveThenRedirect(req: Request, res: Response, path: string): Promise<void> {
  giveToken(req);
  await done((callback) => req.session.save(callback));
  res.redirect(303, path);
}

/** A call of express-session as a promise. */
function done(call: (callback: (error?: unknown) => void) => void): Promise<void> {
  return new Promise((resolve, reject) => call((error) => (error ? reject(error) : resolve())));
}
