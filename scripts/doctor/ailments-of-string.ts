import type { Problem } from './problem.ts';

/** What can be seen of a connection string without a network. */
export const OF_STRING = {
  'env-comment': {
    says: ['Unable to parse … with URL'],
    cause: 'In .env an unquoted # begins a comment, so the string ends there.',
    fix: "Put single quotes around the value: MONGODB_URI='…'. In a password write %23 for #.",
    lesson: 4,
  },
  quotes: {
    says: ['Invalid scheme, expected connection string to start with "mongodb://" or "mongodb+srv://"'],
    cause: 'Quotes belong to the shell or to .env; here they have become part of the string.',
    fix: 'Take the quotes off the value itself.',
    lesson: 4,
  },
  whitespace: {
    says: ['Invalid scheme, expected connection string to start with …', 'getaddrinfo ENOTFOUND'],
    cause: 'A space or a line break came along when the string was copied.',
    fix: 'Delete every space and line break; in a password or a name write a space as %20.',
    lesson: 4,
  },
  scheme: {
    says: ['Invalid scheme, expected connection string to start with "mongodb://" or "mongodb+srv://"'],
    cause: 'The string is empty, or does not begin the way a connection string does.',
    fix: 'Copy it again, from its first letter: mongodb://… or mongodb+srv://…',
    lesson: 4,
  },
  backslash: {
    says: ['options retrywrites\\, w\\ are not supported', 'retryWrites must be either "true" or "false"'],
    cause: 'A shell or an editor put backslashes before ?, = or & when the string was copied.',
    fix: 'Delete every backslash. In a shell put single quotes around the whole string instead.',
    lesson: 5,
  },
  'copy-paste': {
    says: ['option amp;w is not supported'],
    cause: 'The string was copied from the source of a web page, where & is written &amp;.',
    fix: 'Write & for every &amp;.',
    lesson: 5,
  },
  placeholder: {
    says: ['Authentication failed.', 'bad auth : authentication failed'],
    cause: 'The string still holds a <placeholder> of the page it was copied from.',
    fix: 'Put your own value there, without the angle brackets.',
    lesson: 4,
  },
  password: {
    says: [
      'Password contains unescaped characters',
      'Username contains unescaped characters …',
      'URI contained empty userinfo section',
      'URI malformed',
      'Unable to parse … with URL',
      'getaddrinfo ENOTFOUND …',
    ],
    cause: 'Characters that mean something in a URI stand unescaped in the user name or the password.',
    fix: 'Write both as encodeURIComponent() gives them: @ is %40, / is %2F, : is %3A, % is %25.',
    lesson: 5,
  },
  hosts: {
    says: [
      'Unable to parse … with URL',
      'Protocol and host list are required',
      'mongodb+srv URI cannot have …',
    ],
    cause: 'Where the host should be is none, or one that is written wrongly.',
    fix: 'Write host or host:port after the @; with mongodb+srv:// one host of three parts, no port.',
    lesson: 4,
  },
  'database-name': {
    says: ['URI option "shop" cannot be specified with no value'],
    cause: 'Without a name between the host and the ? the driver and the store use the database "test".',
    fix: 'Write /shop after the host and before the ?: mongodb://HOST/shop?…',
    lesson: 5,
  },
  options: {
    says: [
      'option … is not supported',
      'URI option "…" cannot appear more than once',
      'URI option "…" cannot be specified with no value',
      '… must be either "true" or "false"',
      'Password contains unescaped characters',
    ],
    cause: 'After the ? stands an option that the driver does not know, or a value it does not take.',
    fix: 'Correct or delete that option.',
    lesson: 4,
  },
} as const satisfies Record<string, Problem>;
