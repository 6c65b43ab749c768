/** Secrets that stand in documentation, tutorials and templates, as one reads them there. Compared in the spelling given and in lower case. */
export const KNOWN_SECRETS: readonly string[] = [
  ...'secret|mysecret|my secret|my-secret|my_secret|MySecret|topsecret|top secret|top-secret|supersecret|super secret|super-secret'.split(
    '|',
  ),
  ...'supersecretkey|super secret key|super_secret_key|thisisasecret|this is a secret|this is secret|thisismysecret|This is a secret'.split(
    '|',
  ),
  ...'thisisnotagoodsecret|notagoodsecret|thisshouldbeabettersecret|thisshouldbeabettersecret!|shhh|shhhh|shhhhh|shh|ssshhhhh'.split(
    '|',
  ),
  ...'keyboard cat|keyboardcat|keyboard-cat|keyboard mouse|cats|cat|dog|dogs|some secret|somesecret|some-secret|some random secret'.split(
    '|',
  ),
  ...'session secret|sessionsecret|session_secret|session-secret|SESSION_SECRET|secretkey|secret key|secret-key|secret_key|SECRET'.split(
    '|',
  ),
  ...'mysecretkey|my secret key|my_secret_key|my-secret-key|your secret|yoursecret|your-secret|your_secret|your secret key'.split(
    '|',
  ),
  ...'your-secret-key|your_secret_key|yoursecretkey|your_session_secret|your-session-secret|your secret here|<your secret>'.split(
    '|',
  ),
  ...'change me|changeme|change-me|changeit|change_me|changethis|replace me|replaceme|todo|foo|bar|foobar|foo bar|baz|test|testing'.split(
    '|',
  ),
  ...'test secret|testsecret|test-secret|password|passw0rd|pass|admin|root|qwerty|qwertyuiop|abc|abc123|abcd|abcdef|123|1234|12345'.split(
    '|',
  ),
  ...'123456|1234567|12345678|123456789|1234567890|letmein|hello|hello world|helloworld|world|node|nodejs|express|expressjs'.split(
    '|',
  ),
  ...'express secret|express session|express-session|my express secret|passport|passport secret|mongo|mongodb|development|dev'.split(
    '|',
  ),
  ...'devsecret|dev secret|dev-secret|development secret|dev_secret|default|default secret|default-secret|defaultsecret|example'.split(
    '|',
  ),
  ...'long secret|a long secret|my long secret|a very long secret|very secret|verysecret|very secret string|very long secret'.split(
    '|',
  ),
  ...'a secret|asecret|the secret|thesecret|secret string|secretstring|my secret string|random string|randomstring|any string'.split(
    '|',
  ),
  ...'some long string|somelongstring|a random string|string|text|key|mykey|my key|key1|key2|token|jwt|jwtsecret|jwt_secret'.split(
    '|',
  ),
  ...'cookie|cookies|cookie secret|cookiesecret|cookie_secret|cookie-secret|session|sessions|session_cookie_secret_key_here'.split(
    '|',
  ),
  ...'secret123|secret1234|mysecret123|secret1|topsecretkey|ninja|batman|superman|unicorn|monkey|dragon|shop|blog|app|website'.split(
    '|',
  ),
  ...'ilovenodejs|ilovescotchscotchyscotchscotch|ilovescotch|codeworkrsecret|squirrel|anything|whatever|something|nothing'.split(
    '|',
  ),
  ...'shhhh, very secret|shhh, very secret|very very secret|manny is cool|2C44-4D44-WppQ38S|343ji43j4n3jn4jk3n|woot|tobi|ferret|tj|do not tell|dont tell anyone|do not tell anyone'.split(
    '|',
  ),
];
