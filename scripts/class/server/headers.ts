import helmet from 'helmet';

/** Security headers of every page: only the class's own scripts, styles and requests, and no framing. */
export const securityHeaders = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'"],
      connectSrc: ["'self'"],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  // As in the finished shop: with 'no-referrer', browsers would send "Origin: null" with our own forms.
  referrerPolicy: { policy: 'same-origin' },
  // A class speaks plain HTTP, in one room, for one day. These two are for HTTPS.
  strictTransportSecurity: false,
  crossOriginOpenerPolicy: false,
});
