import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import express, { type NextFunction, type Request, type Response } from 'express';
import helmet from 'helmet';
import { WebSocketServer } from 'ws';
import { MAX_MESSAGE } from '../engine/wire.ts';
import { closeServer } from '../shared/close-server.ts';
import { connections, firstPlace, preferences, type Shown } from './about.ts';
import { type Answer, Tunnel } from './tunnel.ts';

const PAGE = join(import.meta.dirname, 'page');
/** A frame is a message of the wire protocol and a small header. */
const LARGEST_FRAME = MAX_MESSAGE + 1_000;

export interface Site {
  /** http://127.0.0.1:PORT/TOKEN/ */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves Compass's interface on a free port of 127.0.0.1. The address contains a token, without which nothing is served.
 * @param packages the node_modules folder that has Compass in it
 */
export async function openSite(packages: string, shown: Shown, answer: Answer): Promise<Site> {
  const token = randomBytes(24).toString('base64url');
  const app = express();
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;

  app.disable('x-powered-by');
  app.use((request, response, next) => {
    if (isOwn(request, host)) next();
    else response.status(403).type('text').send('This page is for the browser on this machine only.');
  });
  app.use(onlyThisHost(host));
  app.use(`/${token}`, pages(packages, shown));
  app.use((_request: Request, response: Response, _next: NextFunction) => {
    response
      .status(404)
      .type('text')
      .send('There is nothing here. npm run compass prints the whole address.');
  });

  const sockets = new WebSocketServer({ noServer: true, maxPayload: LARGEST_FRAME });
  server.on('upgrade', (request, socket, head) => {
    const allowed = request.headers.origin !== undefined && isOwn(request, host);
    if (!allowed || request.url !== `/${token}/tunnel`) {
      socket.on('error', () => {});
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (each) => new Tunnel(each, answer));
  });

  return {
    url: `http://${host}/${token}/`,
    close: async () => {
      for (const each of sockets.clients) each.terminate();
      await closeServer(server);
    },
  };
}

/**
 * Whether a request is meant for this site (a foreign Host header means DNS rebinding) and, if the browser says so,
 * comes from a page of this site.
 */
function isOwn({ headers }: IncomingMessage, host: string): boolean {
  return headers.host === host && (headers.origin ?? `http://${host}`) === `http://${host}`;
}

/** With this policy the browser lets the page ask no other host. */
function onlyThisHost(host: string) {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        fontSrc: ["'self'", 'data:'],
        workerSrc: ["'self'", 'blob:'],
        connectSrc: ["'self'", `ws://${host}`],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    // The site is served over HTTP on this machine.
    strictTransportSecurity: false,
  });
}

function pages(packages: string, shown: Shown): express.Router {
  const router = express.Router();
  const react = ['react', 'react-dom'] as const;
  for (const name of react)
    router.get(`/${name}.js`, (_request, response) =>
      response.sendFile(join(packages, name, 'umd', `${name}.production.min.js`), { dotfiles: 'allow' }),
    );
  const compass = join(packages, '@mongodb-js', 'compass-web', 'dist');
  router.use('/compass', express.static(compass, { index: false }));
  router.get('/explorer/v1/groups/:id/preferences', (_request, response) => {
    response.json(preferences(shown));
  });
  router.get('/explorer/v1/groups/:id/clusters/connectionInfo', (_request, response) => {
    response.json(connections(shown));
  });
  router.get('/place', (_request, response) => {
    response.json(firstPlace(shown));
  });
  router.use(express.static(PAGE));
  return router;
}
