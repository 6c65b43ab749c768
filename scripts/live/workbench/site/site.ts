import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import helmet from 'helmet';
import { openInEditor } from '../editor.ts';
import { SWITCHES } from '../switches.ts';
import { html } from '../view/html.ts';
import { pageView } from '../view/page-view.ts';
import { solutionView } from '../view/solution-view.ts';
import { exchangeDetails } from '../view/xray-view.ts';
import type { Bench } from './bench.ts';
import { FILES, STYLES_HASH } from './files.ts';
import { refusal, sayText } from './guard.ts';
import { shopperRoutes } from './shopper-routes.ts';

/** The page of the workbench and its resources, for a reader who knows the token in its address. */
export function siteOf(bench: Bench): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use((req, res, next) => {
    const isFirst = req.method === 'GET' && req.path === bench.base;
    const refused = refusal(req, bench.address, isFirst);
    if (refused) sayText(res, 403, refused);
    else next();
  });
  app.use((req, res, next) => rules(bench)(req, res, next));
  app.use(bench.base, routes(bench));
  app.use((_req, res) =>
    sayText(res, 404, 'There is nothing here. The terminal prints the whole address of the workbench.'),
  );
  // Four parameters make it an error handler.
  app.use((error: Error, _req: Request, res: Response, next: NextFunction) => {
    if (res.headersSent) return next(error);
    bench.say(error.message);
    sayText(res, 500, error.message);
  });
  return app;
}

/** The browser stops the page from requests to other hosts, and runs only the page's own script. */
function rules({ doorOrigins }: Bench) {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: [STYLES_HASH],
        imgSrc: ["'self'"],
        connectSrc: ["'self'"],
        frameSrc: doorOrigins,
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    // All of this is HTTP on this machine.
    strictTransportSecurity: false,
    // Frames must not learn the token.
    referrerPolicy: { policy: 'no-referrer' },
  });
}

function routes(bench: Bench): express.Router {
  const router = express.Router();
  router.use(express.urlencoded({ limit: '50kb' }));
  router.get('/', (_req, res) => {
    res.set('cache-control', 'no-store').type('html').send(pageView(bench.state));
  });
  router.get('/events', (_req, res) => {
    bench.updates.connect(res);
    bench.connected();
  });
  router.get('/exchange/:number', (req, res) => {
    const exchange = bench.xray.find(Number(req.params.number));
    const view = exchange
      ? exchangeDetails(exchange, bench.now())
      : html`<p class="nothing">This request is too long ago.</p>`;
    res.set('cache-control', 'no-store').type('html').send(view.text);
  });
  router.get('/solution', (_req, res) => {
    res.type('html').send(solutionView(bench.lesson.lesson).text);
  });
  router.post('/switch/:name', async (req, res) => {
    const found = SWITCHES.find(({ name }) => name === req.params.name);
    const reason = bench.lesson.isClosing
      ? 'This lesson is being closed.'
      : found
        ? found.off?.(bench.lesson.shop)
        : 'There is no such switch.';
    const words = reason ?? (await found?.press(bench.lesson.shop)) ?? '';
    bench.updates.send('clock', { ahead: bench.now() - Date.now() });
    bench.changed();
    bench.say(words);
    res.status(204).end();
  });
  router.post('/hint', (_req, res) => {
    if (!bench.lesson.hint()) bench.say('Every step passes. There is nothing left to hint at.');
    res.status(204).end();
  });
  router.post('/look', async (req, res) => {
    bench.say(await openInEditor(String(req.body?.place ?? '')));
    res.status(204).end();
  });
  router.post(['/next', '/open/:number'], (req, res) => {
    const { number } = req.params as { number?: string };
    const refused = bench.course.open(number === undefined ? undefined : Number(number));
    bench.say(refused ?? 'The lesson opens …');
    res.status(204).end();
  });
  router.post('/clear', (_req, res) => {
    bench.xray.clear();
    bench.changed('exchanges');
    res.status(204).end();
  });
  router.use('/shopper', shopperRoutes(bench));
  router.use(express.static(FILES, { index: false, cacheControl: false }));
  return router;
}
