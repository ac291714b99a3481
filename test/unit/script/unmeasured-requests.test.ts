import assert from 'node:assert/strict';
import { unmeasuredRequests } from '../../../engine/script/unmeasured-requests.js';
import { testFolder } from '../../support/folder.js';

describe('requests that are not measured', () => {
  const folder = testFolder();
  const warnings = (code: string) => unmeasuredRequests({ script: folder.write('scenario.cjs', code) });

  for (const code of ['await fetch("http://a/");', 'const answer = globalThis.fetch(url);', '{return fetch(url)}']) {
    it(`are those of the global fetch: ${code}`, async () => {
      const [warning, ...more] = await warnings(code);
      assert.match(warning ?? '', /^fetch\(\): its requests are not measured; use chat\(\)/);
      assert.deepEqual(more, []);
    });
  }

  for (const code of ['cache.fetch(key);', 'function fetch(key) {}\nfetch(1);', 'prefetch(1);', '  // fetch(url)\n']) {
    it(`are none in ${JSON.stringify(code)}`, async () => assert.deepEqual(await warnings(code), []));
  }
});
