import type { RequestHandler } from 'express';
import helmet from 'helmet';
import type { ShopConfig } from '#shop/config.ts';

/** Security headers of every page: what it may load, and that no other site may frame it. */
export function securityHeaders({ behindProxy = false }: ShopConfig): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        // The shop has no script, so none may run: text that gets into a page stays text.
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    // With helmet's default 'no-referrer', browsers send "Origin: null" with our forms, and csrf.ts could not recognise them.
    referrerPolicy: { policy: 'same-origin' },
    // After one HTTPS visit, browsers use only HTTPS for a year.
    strictTransportSecurity: behindProxy,
  });
}
