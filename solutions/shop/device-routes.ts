import { Router } from 'express';
import type { Devices } from './devices.ts';
import { showPage } from './pages.ts';
import { requireLogin, userIdOf } from './require-login.ts';
import { saveThenRedirect } from './session-life.ts';

/** "Your devices": where a user is logged in, and how to log out there. */
export function deviceRoutes(devices: Devices): Router {
  const router = Router();
  router.use('/account/devices', requireLogin);

  router.get('/account/devices', async (req, res) => {
    showPage(req, res, 'devices', { devices: await devices.ofUser(userIdOf(req), req.sessionID) });
  });

  router.post('/account/devices/sign-out', async (req, res) => {
    const was = await devices.signOut(userIdOf(req), req.body?.device);
    req.session.flash = was ? 'That device is signed out.' : 'That device was signed out already.';
    await saveThenRedirect(req, res, '/account/devices');
  });

  router.post('/account/devices/sign-out-others', async (req, res) => {
    const count = await devices.signOutOthers(userIdOf(req), req.sessionID);
    req.session.flash = count ? `Signed out elsewhere: ${count}.` : 'You are logged in nowhere else.';
    await saveThenRedirect(req, res, '/account/devices');
  });

  return router;
}
