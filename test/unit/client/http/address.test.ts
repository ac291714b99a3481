import assert from 'node:assert/strict';
import { readAddress, redirected } from '../../../../engine/client/http/address.js';

const ORIGIN = 'http://127.0.0.1:8000';

describe('the URL of an HTTP request', () => {
  for (const [text, href, name] of [
    ['http://Host:80/a/b?c=1&d=é#e', 'http://host/a/b?c=1&d=%C3%A9', 'http://host/a/b'],
    ['https://host', 'https://host/', 'https://host/'],
    ['https://us:pw@host:8443/?key=1', 'https://host:8443/?key=1', 'https://host:8443/'],
    ['/health', `${ORIGIN}/health`, `${ORIGIN}/health`],
    ['/v1/models?x=1#y', `${ORIGIN}/v1/models?x=1`, `${ORIGIN}/v1/models`],
  ] as const) {
    it(`${text} is ${href}, named ${name}`, () => {
      const address = readAddress(text, ORIGIN);
      assert.deepEqual([address?.href, address?.name], [href, name]);
      assert.equal(`${address?.origin}${address?.path}`, href);
      assert.equal(address?.isOwn, text.startsWith('/'));
      assert.equal(readAddress(text, ORIGIN), address, 'it is parsed once');
    });
  }

  it('is relative to the current server', () => {
    assert.equal(readAddress('/x', 'http://a')?.href, 'http://a/x');
    assert.equal(readAddress('/x', 'http://b')?.href, 'http://b/x');
    assert.equal(readAddress('/x', undefined), undefined);
  });

  for (const text of ['', 'host', '//host/x', 'ftp://host/', 'javascript:1', 'http://']) {
    it(`cannot be ${JSON.stringify(text)}`, () => assert.equal(readAddress(text, ORIGIN), undefined));
  }

  it('is cached, up to a limit', () => {
    const first = readAddress('http://host/0', undefined);
    for (let i = 0; i < 3000; i += 1) readAddress(`http://host/${i}`, undefined);
    const again = readAddress('http://host/0', undefined);
    assert.deepEqual(again, first);
    assert.notEqual(again, first);
  });

  it('of a redirect is taken from that of the request', () => {
    const from = readAddress('http://us:pw@host/a/b?c', undefined);
    assert.ok(from);
    const leads = (location: string) => redirected(from, location)?.href;
    assert.equal(leads('/x?y'), 'http://host/x?y');
    assert.equal(leads('x'), 'http://host/a/x');
    assert.equal(leads('//other/x'), 'http://other/x');
    assert.equal(leads('https://other'), 'https://other/');
    assert.equal(leads('mailto:x'), undefined);
    assert.equal(redirected(from, '/x')?.authorization, from.authorization);
    assert.equal(redirected(from, 'http://other/')?.authorization, undefined);
  });
});
