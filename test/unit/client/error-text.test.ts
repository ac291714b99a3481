import assert from 'node:assert/strict';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { ErrorBody } from '../../../engine/client/body/error-body.js';
import { errorText, shortMessage } from '../../../engine/client/protocols/protocol.js';

describe('the message of an error body', () => {
  const table: readonly [unknown, string][] = [
    [{ error: { message: 'no such model', type: 'NotFoundError', code: 404 } }, 'no such model'],
    [{ error: 'no such model' }, 'no such model'],
    [{ object: 'error', message: 'no such model' }, 'no such model'],
    [{ detail: 'no such model' }, 'no such model'],
    [{ detail: [{ loc: ['body', 'n'], msg: 'bad' }] }, '[{"loc":["body","n"],"msg":"bad"}]'],
    [{ error: null, detail: 'no such model' }, 'no such model'],
    [{ error: '', message: 'no such model' }, 'no such model'],
    [{ error: { message: { text: 'x' } } }, '{"text":"x"}'],
    [{ error: {} }, '{}'],
    ['  no such\n\n\tmodel  ', 'no such model'],
    ['', ''],
    [{}, ''],
    [null, ''],
    [7, ''],
    [undefined, ''],
  ];
  for (const [body, text] of table) {
    it(`is ${JSON.stringify(text)} in ${JSON.stringify(body)}`, () => assert.equal(errorText(body), text));
  }

  it('is cut to length', () => {
    assert.equal(shortMessage('x'.repeat(300)), 'x'.repeat(300));
    assert.equal(shortMessage('x'.repeat(301)), `${'x'.repeat(300)}…`);
  });
});

describe('an error body', () => {
  const REFUSED = { kind: 'http_status', message: 'HTTP 500' } as const;
  const asItIs = (text: string) => text;

  function explain(coding: string, bytes: Buffer, redact = asItIs): string {
    const body = new ErrorBody(coding);
    for (let i = 0; i < bytes.length; i += 7) body.add(bytes.subarray(i, i + 7));
    const { message } = body.explain(REFUSED, redact);
    return message === REFUSED.message ? '' : message.slice(`${REFUSED.message}: `.length);
  }

  const table: readonly [string, string][] = [
    ['{"error":{"message":"zu viele Anfragen für Sie"}}', 'zu viele Anfragen für Sie'],
    ['{"code":429,"msg":"请求过多"}', '{"code":429,"msg":"请求过多"}'],
    ['"too many"', 'too many'],
    ['too many\r\n', 'too many'],
    ['<html>\n<title>502 Bad Gateway</title>\n</html>', '<html> <title>502 Bad Gateway</title> </html>'],
    ['{"error":', '{"error":'],
    ['', ''],
  ];
  for (const [body, text] of table) {
    it(`that is ${JSON.stringify(body)} says ${JSON.stringify(text)}`, () => {
      assert.equal(explain('', Buffer.from(body)), text);
    });
  }

  for (const [coding, pack] of [
    ['identity', (bytes: Buffer) => bytes],
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ] as const) {
    it(`is decompressed where it is ${coding}`, () => {
      assert.equal(explain(coding, pack(Buffer.from('{"error":"too many"}'))), 'too many');
    });
  }

  it('is empty where it cannot be decompressed', () => {
    assert.equal(explain('zstd', Buffer.from('anything')), '');
    assert.equal(explain('gzip', Buffer.from('no gzip')), '');
    assert.equal(explain('gzip', gzipSync(Buffer.alloc(1024 * 1024))), '');
  });

  it('is read up to a limit', () => {
    const body = new ErrorBody('');
    let shown = 0;
    for (let i = 0; i < 100; i += 1) body.add(Buffer.alloc(10_000, 'x'));
    body.explain(REFUSED, (text) => {
      shown = text.length;
      return text;
    });
    assert.equal(shown, 70_000);
  });

  it('is redacted before it is cut', () => {
    const text = explain('', Buffer.from(`${'x'.repeat(295)}sk-secret`), (shown) =>
      shown.replaceAll('sk-secret', '***'),
    );
    assert.equal(text, `${'x'.repeat(295)}***`);
  });
});
