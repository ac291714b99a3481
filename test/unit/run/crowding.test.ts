import assert from 'node:assert/strict';
import { cpus } from 'node:os';
import { Crowding } from '../../../engine/run/crowding.js';
import { THREADS } from '../../../engine/workers/main/threads.js';

describe('the crowding of a machine', () => {
  before(function () {
    if (process.platform !== 'linux') this.skip();
  });

  for (const baseUrl of ['http://127.0.0.1:8000', 'http://localhost/v1', 'http://[::1]:8000/v1', 'unix:/tmp/server']) {
    it(`is seen where the server is here: ${baseUrl}`, () => {
      const crowding = new Crowding([{ baseUrl, model: 'm' }], THREADS.countRunnable);
      assert.equal(crowding.in(['steady', 'outside']), undefined);
      crowding.look('steady');
      const seen = crowding.in(['steady']);
      assert.equal(seen?.cores, cpus().length);
      assert.ok(seen.threads >= 0 && Number.isInteger(seen.threads), `${seen.threads} threads`);
      assert.equal(crowding.in(['outside']), undefined);
    });
  }

  it('is not measured where the server is elsewhere', () => {
    const crowding = new Crowding([{ baseUrl: 'http://192.0.2.1:8000/v1', model: 'm' }], THREADS.countRunnable);
    crowding.look('steady');
    assert.equal(crowding.in(['steady']), undefined);
  });
});
