import assert from 'node:assert/strict';
import { GOOD, misbehavingServers, plain } from '../../support/misbehaving-server.js';
import { check, json, models, refuses } from './checked-servers.js';

describe('the preflight of odd servers', () => {
  const start = misbehavingServers();
  const serving = (list: Buffer, chat: Buffer | string) =>
    start(({ head, socket }) => socket.write(head.startsWith('GET ') ? list : chat));

  it('names the key where a message does, whatever its status', async () => {
    for (const refusal of [json(404, { error: 'Invalid API key' }), json(200, { code: 401, msg: 'token invalid' })]) {
      const { url: baseUrl } = await serving(models('m'), refusal);
      await refuses(
        check({ baseUrl, model: 'm', apiKey: 'sk-12345678' }),
        /Invalid API key|token invalid/,
        /^is the key right/,
      );
    }
  });

  it('names the address of a redirect', async () => {
    const moved = plain(308, 'text/html', '<html>Moved</html>', 'location: https://elsewhere/v1/chat/completions\r\n');
    const { url: baseUrl } = await serving(models('m'), moved);
    const what = /HTTP 308, a redirect to https:\/\/elsewhere\/v1\/chat\/completions: <html>Moved<\/html>$/;
    await refuses(check({ baseUrl }), what, /^give the address that it redirects to$/);
  });

  it('does not take the error page of a proxy for a wrong path', async () => {
    const page = (status: number) => plain(status, 'text/html', '<html>Sorry</html>');
    for (const [status, hint] of [
      [404, /^check the path/],
      [413, /^fix the server/],
      [502, /^fix the server/],
    ] as const) {
      const { url: baseUrl } = await serving(models('m'), page(status));
      await refuses(check({ baseUrl, model: 'm' }), /Sorry/, hint);
    }
  });

  for (const body of [[{ id: 'm' }], ['m'], { data: ['m'] }, { models: ['models/m'] }]) {
    it(`takes the model of the list ${JSON.stringify(body)}`, async () => {
      const { url: baseUrl } = await serving(json(200, body), GOOD);
      assert.equal((await check({ baseUrl })).model, 'm');
    });
  }
});
