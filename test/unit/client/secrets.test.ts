import assert from 'node:assert/strict';
import { Secrets } from '../../../engine/client/secrets.js';

const KEY = 'sk-CANARY7f3e9a-key';
const base64 = (text: string) => Buffer.from(text).toString('base64');
const escaped = (form: (code: string) => string) => {
  return [...KEY].map((character) => form(character.charCodeAt(0).toString(16).padStart(2, '0'))).join('');
};

function redact(text: string, ...secrets: readonly string[]): string {
  const all = new Secrets();
  all.add(...(secrets.length > 0 ? secrets : [KEY]));
  return all.redact(text);
}

describe('secrets', () => {
  const echoes: Readonly<Record<string, string>> = {
    'as it is': `wrong key ${KEY}!`,
    'more than once': `wrong key ${KEY}, ${KEY}`,
    'in lower case': KEY.toLowerCase(),
    'in upper case': KEY.toUpperCase(),
    'behind its scheme': `{"authorization":"Bearer ${KEY}"}`,
    'glued to other text': `key${KEY}is wrong`,
    'cut at its end': `no: ${KEY.slice(0, 12)}`,
    'cut at its beginning': `${KEY.slice(6)} is wrong`,
    'in base64': base64(KEY),
    'in base64 with what stands before it': base64(`Bearer ${KEY}`),
    'in base64 shifted by one': base64(`x${KEY}!`),
    'in base64 shifted by two': base64(`xy${KEY}!!`),
    'in base64 for URLs': Buffer.from(`??>${KEY}`).toString('base64url'),
    'in lower-cased base64': base64(`Bearer ${KEY}`).toLowerCase(),
    'in hex': Buffer.from(KEY).toString('hex'),
    "in JSON's escapes": escaped((code) => `\\u00${code}`),
    "in JSON's escapes, twice": escaped((code) => `\\\\u00${code}`),
    "in JavaScript's escapes": escaped((code) => `\\x${code}`),
    'percent-encoded': escaped((code) => `%${code}`),
    'percent-encoded twice': escaped((code) => `%25${code}`),
    "in HTML's escapes": escaped((code) => `&#x${code};`),
    'in a URL': `http://host/v1/${KEY}/x?y=${KEY}`,
  };
  for (const [how, text] of Object.entries(echoes)) {
    it(`are hidden ${how}`, () => {
      const shown = redact(text);
      assert.match(shown, /\*\*\*/);
      assert.doesNotMatch(shown.toLowerCase(), /canary|7f3e9a|ry7f3/);
      assert.ok(shown.length < text.length, shown);
    });
  }

  it('leave the rest of a text as it is', () => {
    assert.equal(redact(`HTTP 401: wrong key ${KEY}, sorry`), 'HTTP 401: wrong key ***, sorry');
    assert.equal(redact('100 % of 5 \\ 3 &amp; &#65; é 你好'), '100 % of 5 \\ 3 &amp; &#65; é 你好');
  });

  it('of fewer than eight characters are none', () => {
    const text = 'Rate limit exceeded: response.output_text.delta, none, EMPTY, test';
    for (const key of ['x', 'e', 'none', 'EMPTY', 'test', 'limit', 'output']) assert.equal(redact(text, key), text);
  });

  it('that may be words are hidden only where they stand alone', () => {
    assert.equal(redact('password, passwords, "PassWord"', 'password'), '***, passwords, "***"');
    assert.equal(redact('the response: responses', 'response'), 'the ***: responses');
  });

  it('with characters of patterns and of base64 are hidden', () => {
    for (const key of ['a.c*(1)[2]$', 'ab+/cd1234==', 'p%20ss\\w0rd', 'schlüssel-1']) {
      assert.equal(redact(`got ${key} twice`, key), 'got *** twice', key);
    }
  });

  it('in queries and logins of URLs are hidden, whatever they are', () => {
    const url = 'http://me:pw@host/x?api_key=abc&model=m&access_token=t%20t&sig=5&max_tokens=3&keyword=k';
    assert.equal(redact(url), 'http://***@host/x?api_key=***&model=m&access_token=***&sig=***&max_tokens=3&keyword=k');
    assert.equal(redact('expected text, got text/html; key=abc'), 'expected text, got text/html; key=abc');
    assert.equal(redact('text/html;token=abc'), 'text/html;token=***');
  });

  it('of headers are known by their names', () => {
    const all = new Secrets();
    all.addHeaders([
      ['Authorization', 'Bearer 1234567890'],
      ['x-api-key', 'abcdef-123'],
      ['Cookie', 'session=qwertz123456; theme=dark'],
      ['x-request-id', 'request-0815'],
    ]);
    assert.equal(all.redact('1234567890 abcdef-123 qwertz123456 dark request-0815'), '*** *** *** dark request-0815');
  });

  it('are taken out of every text of a record, which is otherwise the same', () => {
    const all = new Secrets();
    all.add(KEY);
    const record = { a: [1, 2, { b: `x ${KEY}` }], c: null, [KEY]: true, d: { e: 'clean' } };
    assert.deepEqual(all.redactAll(record), { a: [1, 2, { b: 'x ***' }], c: null, '***': true, d: { e: 'clean' } });
    const clean = { a: [1, 'b', { c: [null, false] }] };
    assert.equal(all.redactAll(clean), clean);
  });

  it('stay known while a script brings ever new ones', () => {
    const all = new Secrets();
    all.add(KEY);
    for (let i = 0; i < 2000; i += 1) all.add(`key-of-request-${i}`);
    assert.equal(all.redact(`${KEY} key-of-request-1999`), '*** ***');
  });
});
