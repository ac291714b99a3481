import assert from 'node:assert/strict';
import { proxyFor, readProxies } from '../../../../engine/client/transport/proxy.js';
import { ExitCode, UserError } from '../../../../engine/errors.js';

type Env = Readonly<Record<string, string>>;

const choose = (server: string, env: Env) => proxyFor(new URL(server), readProxies(env));
const basic = (credentials: string) => `Basic ${Buffer.from(credentials).toString('base64')}`;

describe('the proxy for a server', () => {
  const table: readonly [string, Env, string | undefined][] = [
    ['http://host', {}, undefined],
    ['http://host', { HTTP_PROXY: 'http://p:1' }, 'http://p:1'],
    ['http://host', { http_proxy: 'http://p:1' }, 'http://p:1'],
    ['http://host', { http_proxy: 'http://p:1', HTTP_PROXY: 'http://q:2' }, 'http://p:1'],
    ['http://host', { http_proxy: '', HTTP_PROXY: 'http://q:2' }, 'http://q:2'],
    ['http://host', { HTTPS_PROXY: 'http://p:1' }, undefined],
    ['https://host', { HTTPS_PROXY: 'http://p:1', HTTP_PROXY: 'http://q:2' }, 'http://p:1'],
    ['https://host', { https_proxy: 'https://p:1' }, 'https://p:1'],
    ['https://host', { HTTP_PROXY: 'http://q:2' }, undefined],
    ['https://host', { ALL_PROXY: 'http://p:1' }, 'http://p:1'],
    ['http://host', { all_proxy: 'http://p:1', HTTP_PROXY: 'http://q:2' }, 'http://q:2'],
    ['http://host', { HTTP_PROXY: 'p:3128' }, 'http://p:3128'],
    ['http://host', { HTTP_PROXY: 'http://user:pass@p:1/' }, 'http://p:1'],
    ['http://127.0.0.1:8000', { HTTP_PROXY: 'http://p:1' }, 'http://p:1'],
    ['http://localhost:8000', { HTTP_PROXY: 'http://p:1' }, 'http://p:1'],
  ];
  for (const [server, env, expected] of table) {
    it(`${server} with ${JSON.stringify(env)} is ${expected}`, () =>
      assert.equal(choose(server, env)?.shown, expected));
  }

  it('has the port of its scheme, its address without brackets, and who we are', () => {
    const plain = choose('http://host', { HTTP_PROXY: 'http://us%40er:p%C3%A4ss@[::1]' });
    assert.deepEqual([plain?.host, plain?.port, plain?.secure], ['::1', 80, false]);
    assert.equal(plain?.authorization, basic('us@er:päss'));
    const secure = choose('https://host', { HTTPS_PROXY: 'https://proxy' });
    assert.deepEqual([secure?.host, secure?.port, secure?.secure], ['proxy', 443, true]);
    assert.equal(secure?.authorization, undefined);
    assert.equal(choose('http://host', { HTTP_PROXY: 'http://100%@p' })?.authorization, basic('100%:'));
  });

  for (const [name, value, shown] of [
    ['ALL_PROXY', 'socks5://user:secret@p:1080', 'socks5://***@p:1080'],
    ['HTTP_PROXY', 'http://user:secret@p:99999', 'http://***@p:99999'],
    ['http_proxy', 'http://', 'http://'],
    ['HTTP_PROXY', '3128', '3128'],
    ['HTTP_PROXY', ':3128', ':3128'],
    ['HTTP_PROXY', 'http:/p:3128', 'http:/p:3128'],
    ['HTTP_PROXY', 'https:p', 'https:p'],
    ['HTTP_PROXY', 'http:', 'http:'],
    ['HTTP_PROXY', 'p:', 'p:'],
    ['HTTP_PROXY', 'p:port', 'p:port'],
    ['HTTP_PROXY', 'user:secret@', '***@'],
  ] as const) {
    it(`that is ${shown} is refused where it would be used, without its password`, () => {
      assert.throws(
        () => choose('http://host', { [name]: value }),
        (error) =>
          error instanceof UserError &&
          error.exitCode === ExitCode.invalidConfig &&
          error.where === name &&
          error.message === `expected the URL of an http or https proxy, got "${shown}"` &&
          /name host in NO_PROXY/.test(error.hint ?? ''),
      );
      assert.equal(choose('http://host', { [name]: value, NO_PROXY: 'host' }), undefined);
    });
  }
});

describe('NO_PROXY', () => {
  const table: readonly [except: string, direct: readonly string[], proxied: readonly string[]][] = [
    ['', [], ['http://host', 'http://127.0.0.1']],
    ['*', ['http://host', 'https://1.2.3.4:5', 'http://[::1]'], []],
    ['host', ['http://host', 'http://HOST:8000', 'http://host.'], ['http://myhost', 'http://host.org']],
    [
      'example.com',
      ['http://example.com', 'https://a.b.example.com'],
      ['http://badexample.com', 'http://example.com.org'],
    ],
    ['.example.com', ['http://example.com', 'http://a.example.com'], ['http://badexample.com']],
    ['*.example.com', ['http://a.example.com'], ['http://badexample.com']],
    ['Example.COM', ['http://example.com'], []],
    ['host:8000', ['http://host:8000'], ['http://host', 'http://host:8001']],
    ['host:80', ['http://host', 'http://host:80'], ['https://host']],
    ['host:443', ['https://host'], ['http://host']],
    ['.svc.cluster.local:8000', ['http://vllm.ns.svc.cluster.local:8000'], ['http://vllm.ns.svc.cluster.local']],
    ['a,b , c  d', ['http://a', 'http://b', 'http://c', 'http://d'], ['http://e']],
    ['127.0.0.1', ['http://127.0.0.1', 'http://127.0.0.1:8000'], ['http://127.0.0.2', 'http://localhost']],
    ['127.0.0.1:8000', ['http://127.0.0.1:8000'], ['http://127.0.0.1:9000']],
    ['10.0.0.0/8', ['http://10.200.3.4:8000'], ['http://11.0.0.1', 'http://10.example.com']],
    ['0.0.1', [], ['http://127.0.0.1']],
    ['::1', ['http://[::1]:8000'], ['http://[::2]']],
    ['[::1]', ['http://[::1]:8000'], ['http://[::2]']],
    ['[::1]:8000', ['http://[::1]:8000'], ['http://[::1]']],
    ['fd00::/8', ['http://[fd00:1::2]'], ['http://[fe00::1]', 'http://127.0.0.1']],
    ['10.0.0.0/99', [], ['http://10.0.0.1']],
    ['nonsense/8', [], ['http://10.0.0.1']],
  ];
  for (const [except, direct, proxied] of table) {
    it(`of "${except}" is as Go and curl read it`, () => {
      const env = { ALL_PROXY: 'http://p:1', no_proxy: except };
      for (const server of direct) assert.equal(choose(server, env), undefined, server);
      for (const server of proxied) assert.equal(choose(server, env)?.shown, 'http://p:1', server);
    });
  }
});
