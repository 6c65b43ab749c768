import type { CaseAnswers } from '#shop/case-desk.ts';

/** Your case, and what you found out about it. */
export const answers: CaseAnswers = {
  // TODO: a number of your own, above zero. Your birthday, say: 5 March 1990 is 19900305
  caseNumber: 0,

  // 6.1 The _id of the session that the cookie on /case belongs to
  sessionId: '',

  // 6.2 The userId of the one session whose user is logged in
  whoIsLoggedIn: '',

  // 6.3 When the session of 6.1 expires, in UTC, as Compass shows it
  expires: '',

  // 6.4 The name of the index that makes MongoDB clear out expired sessions
  cleaningIndex: '',
};
