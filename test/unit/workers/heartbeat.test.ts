import assert from 'node:assert/strict';
import {
  lastRun,
  newHeartbeat,
  recordEntry,
  startHeartbeat,
  watchHeartbeat,
} from '../../../engine/workers/heartbeat.js';
import { FakeClock } from '../../support/fake-clock.js';

const LONGEST_SILENCE = 10_000;

describe('the heartbeat of a worker', () => {
  /** Worker and listener to its heartbeat, each on its own clock. */
  function patient() {
    const heartbeat = newHeartbeat();
    const worker = new FakeClock();
    const main = new FakeClock();
    const silences: number[] = [];
    const watch = watchHeartbeat(heartbeat, main, LONGEST_SILENCE, (ms) => silences.push(ms));
    return { heartbeat, worker, main, silences, watch };
  }

  it('goes on as long as the thread does, and is silent to nobody then', async () => {
    const { heartbeat, worker, main, silences } = patient();
    const stop = startHeartbeat(heartbeat, worker, LONGEST_SILENCE);
    for (let second = 0; second < 60; second += 1) {
      await worker.advance(1000);
      await main.advance(1000);
    }
    stop();
    assert.deepEqual(silences, []);
  });

  it('is missed once, after ten seconds of silence', async () => {
    const { heartbeat, worker, main, silences } = patient();
    startHeartbeat(heartbeat, worker, LONGEST_SILENCE);
    await main.advance(500 + LONGEST_SILENCE - 1);
    assert.deepEqual(silences, []);
    await main.advance(1);
    assert.deepEqual(silences, [LONGEST_SILENCE]);
    await main.advance(10 * LONGEST_SILENCE);
    assert.equal(silences.length, 1);
    assert.equal(main.pending, 0);
  });

  it('may stop for seconds at a time: a thread that is late is not blocked', async () => {
    const { heartbeat, worker, main, silences } = patient();
    startHeartbeat(heartbeat, worker, LONGEST_SILENCE);
    for (let turn = 0; turn < 20; turn += 1) {
      await main.advance(9000);
      await worker.stall(9000);
    }
    assert.deepEqual(silences, []);
  });

  it('is not missed before it has begun, nor where silence is excused', async () => {
    const { heartbeat, worker, main, silences, watch } = patient();
    await main.advance(10 * LONGEST_SILENCE);
    startHeartbeat(heartbeat, worker, LONGEST_SILENCE);
    watch.excused = true;
    await main.advance(10 * LONGEST_SILENCE);
    watch.excused = false;
    await main.advance(LONGEST_SILENCE - 1000);
    assert.deepEqual(silences, []);
    await main.advance(1000);
    assert.equal(silences.length, 1);
  });

  it('is missed sooner when the user will not wait, counted from then on', async () => {
    const { heartbeat, worker, main, silences, watch } = patient();
    startHeartbeat(heartbeat, worker, LONGEST_SILENCE);
    await main.advance(8000);
    watch.shorten(1000);
    assert.deepEqual(silences, []);
    await main.advance(1000);
    assert.deepEqual(silences, [1000]);
  });

  it('does not accuse a worker when the whole process was stopped for a while', async () => {
    const { heartbeat, worker, main, silences } = patient();
    startHeartbeat(heartbeat, worker, LONGEST_SILENCE);
    await main.advance(1000);
    await main.stall(60_000);
    await worker.stall(60_000);
    await main.advance(1000);
    assert.deepEqual(silences, []);
  });

  it('goes on where so many users run one after another that no timer has its turn', async () => {
    const { heartbeat, main, silences } = patient();
    for (let vu = 1; vu < 100; vu += 1) {
      recordEntry(heartbeat, vu, 0);
      await main.advance(1000);
    }
    assert.deepEqual(silences, []);
  });

  it('says whose code was the last to run', () => {
    const heartbeat = newHeartbeat();
    recordEntry(heartbeat, 3, -1);
    recordEntry(heartbeat, 17, 4);
    assert.deepEqual(lastRun(heartbeat), { vu: 17, iteration: 4 });
  });
});
