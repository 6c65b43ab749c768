import type { Behaviour } from '../kit/behaviour.ts';

const behaviour = (about: Omit<Behaviour, 'group' | 'lesson'> & { lesson?: number }): Behaviour => ({
  group: 'outage',
  lesson: 10,
  ...about,
});

const HANG =
  'Every page with a session waits, requests pile up, and the app is away as well: give the store a limit of its own.';

export const startLives = behaviour({
  id: 'start-lives',
  lesson: 2,
  title: 'start: process',
  question: 'The backend is away when the app starts. Does the process live?',
  must: true,
  trap: 'An app that starts a second before its database ends, and is started again, in a circle.',
});
export const startGet = behaviour({
  id: 'start-get',
  lesson: 2,
  title: 'start: get()',
  question: 'The backend is away when the app starts. Does get() call back an error within 12 s?',
  must: true,
  trap: HANG,
});
export const startBack = behaviour({
  id: 'start-back',
  lesson: 2,
  title: 'start: recovers',
  question:
    'The backend comes a moment after the app. Does the store work then, without a restart of the app?',
  must: true,
  trap: 'What failed at the start is remembered for ever: each page with a session is an error until somebody restarts the app.',
});
export const lostLives = behaviour({
  id: 'lost-lives',
  title: 'lost: process',
  question: 'The backend goes away while the app runs. Does the process live?',
  must: true,
  trap: 'An outage of the database ends the app, too.',
});
export const lostGet = behaviour({
  id: 'lost-get',
  title: 'lost: get()',
  question:
    'The backend has gone away. Does get() call back an error within 12 s, or still give the session, from memory or an open file?',
  must: true,
  trap: `${HANG} And where no error comes, an outage looks like a logout.`,
});
export const lostSet = behaviour({
  id: 'lost-set',
  title: 'lost: set()',
  question:
    'The backend has gone away. Does set() call back an error within 12 s, or save all the same, to an open file?',
  must: true,
  trap: 'What a shopper does is lost, and nobody is told.',
});
export const lostDestroy = behaviour({
  id: 'lost-destroy',
  lesson: 7,
  title: 'lost: destroy()',
  question:
    'The backend has gone away. Does destroy() call back an error within 12 s, or is the session gone all the same?',
  must: true,
  trap: 'A logout seems to work, and the login is there again with the backend. Or the logout page hangs.',
});
export const lostPage = behaviour({
  id: 'lost-page',
  title: 'lost: a page',
  question:
    'The backend has gone away. Does a page of a logged-in shopper answer with a 5xx within 12 s, or still know them?',
  must: false,
  trap: 'The page hangs, or takes the shopper for a stranger, with 200: no monitor sees the outage.',
});
export const lostLogin = behaviour({
  id: 'lost-login',
  title: 'lost: a login',
  question:
    'The backend has gone away. Does a login answer with a 5xx within 12 s, or is it saved all the same, to an open file or later?',
  must: false,
  trap: 'express-session saves after the answer has begun: “welcome”, and where the save fails the next page knows nobody. req.session.save() before the answer tells the truth.',
});
export const lostBack = behaviour({
  id: 'lost-back',
  title: 'lost: recovers',
  question: 'The backend is back. Does the store work again, without a restart of the app?',
  must: true,
  trap: 'A short outage lasts until somebody restarts the app.',
});
export const told = behaviour({
  id: 'told',
  title: 'tells the app',
  question:
    'When the store tells of an outage by the event “disconnect”, does it tell of its end by “connect”?',
  must: true,
  trap: 'express-session leaves sessions out after “disconnect”: without “connect” there is none any more, for anybody.',
});
export const discreet = behaviour({
  id: 'discreet',
  title: 'errors are discreet',
  question:
    'Are errors and what is printed free of session IDs, session data and the password of the backend?',
  must: true,
  trap: 'Logs of an outage hold what logs a thief in: log no error of this store as it is.',
});
export const cutBack = behaviour({
  id: 'cut',
  title: 'connections cut',
  question:
    'All connections are cut, and new ones are accepted at once. Do the next ten get() all find the session, each of five times?',
  must: false,
  trap: 'A firewall that drops idle connections, or a restarted server, costs some visitors an error page.',
});
export const silentGet = behaviour({
  id: 'silent-get',
  title: 'silent: get()',
  question: 'The backend accepts connections and answers nothing. Does get() call back an error within 12 s?',
  must: false,
  trap: HANG,
});
export const silentBack = behaviour({
  id: 'silent-back',
  title: 'silent: recovers',
  question: 'The silence is over. Does the store work again, without a restart of the app?',
  must: true,
  trap: 'A frozen server for a minute, and an app that has to be restarted.',
});
