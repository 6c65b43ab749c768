import { type RecordedAnswer, wrong } from '#grader/check/recorded.ts';

/** Where a lesson's app.ts can have one more cookie option, and the steps that fail then. */
interface Place {
  readonly from: string;
  /** The same text with the option in it. */
  readonly to: (option: string) => string;
  /** The first step that fails when no cookie is sent, when there is no req.session, and when a browser throws the cookie away. */
  readonly unsent: string;
  readonly missing: string;
  readonly dropped: string;
}

/** Mistakes with the session cookie that are the same in every lesson: a session is stored, and the next request does not bring it. */
export function cookieMistakes({ from, to, unsent, missing, dropped }: Place): RecordedAnswer[] {
  const mistake = (name: string, option: string, step: string, says: string) =>
    wrong(name, { 'app.ts': [[from, to(option)]] }, step, says);
  return [
    mistake(
      'secure: true over plain http',
      'secure: true',
      unsent,
      'cookie.secure is true, and this request came by plain http',
    ),
    mistake('a cookie for another part of the shop', "path: '/shop'", missing, "its cookie.path is '/shop'"),
    mistake('SameSite=None without Secure', "sameSite: 'none'", dropped, 'SameSite=None needs Secure'),
    mistake(
      'a cookie for another host',
      "domain: 'shop.example'",
      dropped,
      'Domain=shop.example is not this host',
    ),
  ];
}
