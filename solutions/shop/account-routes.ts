import { type Request, type Response, Router } from 'express';
import type { ShopConfig } from '#shop/config.ts';
import { showPage } from './pages.ts';
import { rateLimits } from './rate-limits.ts';
import { requireLogin, userIdOf } from './require-login.ts';
import { beginLogin, endSession, saveThenRedirect } from './session-life.ts';
import { sessionCookie } from './sessions.ts';
import { asEmail, type Users } from './users.ts';

/** Sign-up, login, logout, and the account. */
export function accountRoutes(config: ShopConfig, users: Users): Router {
  const router = Router();
  const limits = rateLimits();
  const cookie = sessionCookie(config);

  // No redirect leads here, so a waiting message stays for the next page. The same holds for a form that is shown again.
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
      // One message for both mistakes: otherwise a stranger could find out who the customers are.
      const problem = 'There is no account with this email and password.';
      res.status(401).render('login', { email: asEmail(email), problem });
      return;
    }
    await welcome(req, res, user._id, 'Welcome back.');
  });

  router.post('/logout', async (req, res) => {
    await endSession(req);
    // destroy() sends nothing to the browser. Clearing the cookie needs its name and the attributes that it was set with.
    res.clearCookie(cookie.name, cookie.attributes);
    res.redirect(303, '/');
  });

  router.get('/account', requireLogin, async (req, res) => {
    showPage(req, res, 'account', { user: await users.find(userIdOf(req)) });
  });

  return router;
}

/** Logs a user in and redirects: to the cart when it has products, otherwise to the account. */
async function welcome(req: Request, res: Response, userId: string, flash: string): Promise<void> {
  await beginLogin(req, userId);
  req.session.flash = flash;
  await saveThenRedirect(req, res, req.session.cart?.length ? '/cart' : '/account');
}
