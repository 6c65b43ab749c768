import { type Request, type Response, Router } from 'express';
import type { ShopConfig } from '#shop/config.ts';
import { showPage } from './pages.ts';
import { rateLimits } from './rate-limits.ts';
import { requireLogin, userIdOf } from './require-login.ts';
import { beginLogin, endSession, saveThenRedirect } from './session-life.ts';
import { sessionCookie } from './sessions.ts';
import { asEmail, type Users } from './users.ts';

/** Sign up, log in, log out, and the account. */
export function accountRoutes(config: ShopConfig, users: Users): Router {
  const router = Router();
  const limits = rateLimits();
  const cookie = sessionCookie(config);

  // No redirect leads here: a message that waits goes on waiting. The same holds for a form that comes back.
  router.get('/signup', (_req, res) => {
    res.render('signup');
  });

  router.post('/signup', limits.signUp, async (req, res) => {
    const { email, password } = req.body ?? {};
    const outcome = await users.signUp(email, password);
    if (!('_id' in outcome)) {
      res.status(422).render('signup', { email: asEmail(email), problems: outcome });
      return;
    }
    await welcome(req, res, outcome._id, 'Welcome. Your account is made, and you are logged in.');
  });

  router.get('/login', (req, res) => {
    showPage(req, res, 'login');
  });

  router.post('/login', ...limits.logIn, async (req, res) => {
    const { email, password } = req.body ?? {};
    const user = await users.authenticate(email, password);
    if (!user) {
      // The same words whichever was wrong: otherwise a stranger could ask the shop who its customers are.
      const problem = 'There is no account with this email and password.';
      res.status(401).render('login', { email: asEmail(email), problem });
      return;
    }
    await welcome(req, res, user._id, 'Welcome back.');
  });

  router.post('/logout', async (req, res) => {
    await endSession(req);
    // destroy() tells the browser nothing. The cookie goes when it is cleared as it was set: name, path, flags.
    res.clearCookie(cookie.name, cookie.attributes);
    res.redirect(303, '/');
  });

  router.get('/account', requireLogin, async (req, res) => {
    showPage(req, res, 'account', { user: await users.find(userIdOf(req)) });
  });

  return router;
}

/** Logs a user in, and goes on with what they came for: a cart to check out, or else their account. */
async function welcome(req: Request, res: Response, userId: string, flash: string): Promise<void> {
  await beginLogin(req, userId);
  req.session.flash = flash;
  await saveThenRedirect(req, res, req.session.cart?.length ? '/cart' : '/account');
}
