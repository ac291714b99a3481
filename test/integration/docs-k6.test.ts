import assert from 'node:assert/strict';
import { tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { type HttpServer, startHttpServer } from '../support/http-server.js';
import { blocks } from '../support/page.js';
import { virtualTime } from '../support/virtual-time.js';

describe('docs/k6.md', () => {
  const folder = testFolder();
  const time = virtualTime();
  let site: HttpServer;

  before(async () => {
    site = await startHttpServer();
  });

  after(() => site.close());

  for (const [index, script] of blocks('docs/k6.md', 'js').entries()) {
    it(`its script ${index + 1} runs`, async () => {
      const file = folder.write(`${index}.js`, script);
      const server = ['--base-url', time.url, '--model', 'sim-ttft5-itl1-len20', '-e', `SITE=${site.url}`];
      const args = ['run', file, '--quiet', ...server];
      const { code, stderr, stdout } = await tokenswarm(args, { time });
      assert.equal(code, 0, stdout + stderr);
      assert.doesNotMatch(stdout, /SCRIPT ERRORS/);
    });
  }
});
