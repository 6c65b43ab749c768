import type { CaseAnswers } from '#shop/case-desk.ts';

/** Your case, and what you found out about it. */
export const answers: CaseAnswers = {
  // A number of your own makes a case of your own.
  caseNumber: 4711,

  // 6.1 The _id of the session that the cookie on /case belongs to
  sessionId: '0v6xz3VPW-C_pI6KyHNeEBoX9rlA5pe8',

  // 6.2 The userId of the one session whose user is logged in
  whoIsLoggedIn: 'u-grace',

  // 6.3 When the session of 6.1 expires, in UTC, as Compass shows it
  expires: '2036-05-05T23:09:10.521Z',

  // 6.4 The name of the index that makes MongoDB clear out expired sessions
  cleaningIndex: 'expires_1',
};
