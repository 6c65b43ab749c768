import type { RequestHandler } from 'express';
import helmet from 'helmet';
import type { ShopConfig } from '#shop/config.ts';

/** What browsers are told about every page: what it may load, and that no other site may frame it. */
export function securityHeaders({ behindProxy = false }: ShopConfig): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        // The shop has no script at all, so none may run: whatever gets into a page stays text.
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    // With helmet's own 'no-referrer' browsers send "Origin: null" with our forms, and csrf.ts could not tell them.
    referrerPolicy: { policy: 'same-origin' },
    // HTTPS once, HTTPS for a year. Only where there is HTTPS.
    strictTransportSecurity: behindProxy,
  });
}
