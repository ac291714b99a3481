import assert from 'node:assert/strict';
import { parseTarget, publicUrl } from '../../../engine/client/target.js';
import { ExitCode, UserError } from '../../../engine/errors.js';

const target = (baseUrl: string, apiKey?: string) => parseTarget({ baseUrl, model: 'm', apiKey });
const basic = (credentials: string) => `Basic ${Buffer.from(credentials).toString('base64')}`;

describe("a target's address", () => {
  const addresses: readonly [string, string, string][] = [
    ['http://127.0.0.1:8000', 'http://127.0.0.1:8000', '/v1'],
    ['http://127.0.0.1:8000/', 'http://127.0.0.1:8000', '/v1'],
    ['http://127.0.0.1:8000//', 'http://127.0.0.1:8000', '/v1'],
    ['http://127.0.0.1:8000/v1', 'http://127.0.0.1:8000', '/v1'],
    ['http://127.0.0.1:8000/v1/', 'http://127.0.0.1:8000', '/v1'],
    ['http://127.0.0.1:8000/v1///', 'http://127.0.0.1:8000', '/v1'],
    ['https://host/openai/api/v3', 'https://host', '/openai/api/v3'],
    ['HTTPS://Host:443/V1', 'https://host', '/V1'],
    ['http://[::1]:8000', 'http://[::1]:8000', '/v1'],
    ['http://host/v1?key=1#top', 'http://host', '/v1'],
    ['http://host/v1/chat/completions', 'http://host', '/v1'],
    ['http://host/openai/v1/completions/', 'http://host', '/openai/v1'],
    ['http://host/v1/embeddings?api-version=1', 'http://host', '/v1'],
    ['http://host/v1/responses', 'http://host', '/v1'],
    ['http://host/anthropic/v1/messages', 'http://host', '/anthropic/v1'],
    ['http://host:11434/api/chat', 'http://host:11434', '/v1'],
    ['https://host/models', 'https://host', '/models'],
    ['https://host/v1/models', 'https://host', '/v1'],
    ['https://host//v1', 'https://host', '/v1'],
    ['https://host/generate_stream', 'https://host', '/v1'],
    ['https://host/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse', 'https://host', '/v1'],
    ['https://host/openai/deployments/gpt/chat/completions?api-version=1', 'https://host', '/openai/deployments/gpt'],
    ['http://user:pass@host:81/v1', 'http://host:81', '/v1'],
  ];
  for (const [baseUrl, origin, basePath] of addresses) {
    it(`of ${baseUrl} is ${origin}${basePath}`, () => {
      const parsed = target(baseUrl);
      assert.deepEqual([parsed.origin, parsed.basePath], [origin, basePath]);
      assert.equal(publicUrl(baseUrl), origin + basePath);
    });
  }

  const wrong = [
    'localhost:8000',
    '127.0.0.1:8000/v1',
    'host',
    '',
    'http://',
    'ftp://host/v1',
    'http://host:99999',
    'file:///etc/passwd',
  ];
  for (const baseUrl of wrong) {
    it(`cannot be ${JSON.stringify(baseUrl)}`, () => {
      assert.throws(
        () => target(baseUrl),
        (error) =>
          error instanceof UserError &&
          error.exitCode === ExitCode.invalidConfig &&
          error.message === `expected an http(s) URL or unix:/path, got ${JSON.stringify(baseUrl)}` &&
          (/^[\w.]+(:\d+\/|:\d+$|$)/.test(baseUrl) && baseUrl !== ''
            ? /^the scheme is missing: write http:\/\/[\w.]/
            : /such as --base-url http/
          ).test(error.hint ?? ''),
      );
    });
  }

  const withPassword: readonly [string, string][] = [
    ['ftp://user:pass@host/v1', 'ftp://***@host/v1'],
    ['ftp://user:pa/ss@host/v1', 'ftp://***@host/v1'],
    ['ftp://user:p@ass@host/v1', 'ftp://***@host/v1'],
    ['ftp://pass@host/v1', 'ftp://***@host/v1'],
    ['ftp://user:pa\nss@host/v1', 'ftp://***@host/v1'],
    ['user:pass@host:8000/v1', '***@host:8000/v1'],
    ['http://user:pass@host:99999', 'http://***@host:99999'],
    ['htp//user:pass@host', '***@host'],
  ];
  for (const [baseUrl, shown] of withPassword) {
    it(`that is wrong is shown without its password: ${shown}`, () => {
      assert.throws(() => target(baseUrl), { message: `expected an http(s) URL or unix:/path, got "${shown}"` });
      assert.throws(() => publicUrl(baseUrl), { message: `expected an http(s) URL or unix:/path, got "${shown}"` });
    });
  }
});

describe("a target's credentials", () => {
  const table: readonly [string, string | undefined, string | undefined][] = [
    ['http://host', undefined, undefined],
    ['http://host', '', undefined],
    ['http://host', 'sk-1', 'Bearer sk-1'],
    ['http://user:pass@host', undefined, basic('user:pass')],
    ['http://user@host', undefined, basic('user:')],
    ['http://:pass@host', undefined, basic(':pass')],
    ['http://us%40er:p%C3%A4ss%25@host', undefined, basic('us@er:päss%')],
    ['http://user:100%@host', undefined, basic('user:100%')],
    ['http://user:pass@host', 'sk-1', 'Bearer sk-1'],
  ];
  for (const [baseUrl, apiKey, authorization] of table) {
    it(`of ${baseUrl} and the key ${apiKey} are ${authorization}`, () => {
      assert.deepEqual(target(baseUrl, apiKey).headers, authorization === undefined ? {} : { authorization });
    });
  }

  it('are secrets of the run, as are keys in the query', () => {
    const { redact } = target('http://user:pa%20ssword@host/v1?api-version=1&code_key=abcd1234', 'sk-12345678').secrets;
    const basicAuth = basic('user:pa ssword');
    const text = `sk-12345678, "${basicAuth}", pa ssword, abcd1234 of api-version=1`;
    assert.equal(redact(text), '***, "Basic ***", ***, *** of api-version=1');
  });
});

describe('a target', () => {
  it('requests token counts by default', () => {
    assert.equal(target('http://host').askUsage, true);
    assert.equal(parseTarget({ baseUrl: 'http://host', model: 'm', askUsage: false }).askUsage, false);
  });

  it('has the model that was named', () => assert.equal(target('http://host').model, 'm'));
});
