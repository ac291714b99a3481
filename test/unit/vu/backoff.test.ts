import assert from 'node:assert/strict';
import type { Api } from '../../../engine/api/index.js';
import { parseTarget } from '../../../engine/client/target.js';
import { type Clock, systemClock } from '../../../engine/clock.js';
import { Vu } from '../../../engine/vu/vu.js';
import type { VuPlan } from '../../../engine/vu/vu-state.js';
import { idleThread } from '../../../engine/workers/thread/idle-thread.js';
import { GOOD, misbehavingServers } from '../../support/misbehaving-server.js';
import { freePort } from '../../support/port.js';

/** Longest pause of these users, in milliseconds. */
const BACKOFF = 1000;

describe('a user whose server cannot be reached', () => {
  const start = misbehavingServers();
  const made: Vu[] = [];
  afterEach(() => {
    for (const vu of made.splice(0)) vu.close();
  });

  /** Pauses of a user between iterations, one for each of these ports. Time does not pass in them. */
  async function pausesOf(ports: readonly number[], kind: VuPlan['load']['kind'], connectBackoff = BACKOFF) {
    const pauses: number[] = [];
    const clock: Clock = {
      ...systemClock,
      after(ms, wake) {
        if (ms < 50 || ms > BACKOFF) return systemClock.after(ms, wake);
        pauses.push(ms);
        return systemClock.after(0, wake);
      },
    };
    const targets = ports.map((port) => parseTarget({ baseUrl: `http://127.0.0.1:${port}`, model: 'm' }));
    let next = 0;
    const thread = {
      ...idleThread({ clock, file: '/scenario.ts', env: {} }),
      connectBackoff,
      target: targets[0],
      nextTarget: () => targets[next],
    };
    const plan: VuPlan = {
      name: 'closed',
      executor: 'constant-vus',
      exec: 'default',
      startTime: 0,
      env: {},
      tags: {},
      load: { kind, duration: 60_000 },
    };
    const evaluate = (api: Api) => ({ default: () => api.chat({ messages: 'hi', timeout: '30s' }) });
    const vu = new Vu(thread, evaluate, 1, plan);
    made.push(vu);
    for (; next < ports.length; next += 1) {
      const before = pauses.length;
      assert.equal(await vu.iterate({ iterationInTest: next, dueAt: undefined }, () => undefined), 'complete');
      if (pauses.length === before) pauses.push(0);
    }
    return pauses;
  }

  it('pauses ever longer before its next iteration, up to a limit, and not once it has reached one', async () => {
    const closed = await freePort();
    const { port } = await start(({ socket }) => socket.end(GOOD));
    assert.deepEqual(await pausesOf([...Array<number>(7).fill(closed), port, closed], 'closed'), [
      ...[50, 100, 200, 400, 800, 1000, 1000],
      0,
      50,
    ]);
  });

  it('never pauses where arrivals are planned, nor where it is told not to', async () => {
    const closed = await freePort();
    assert.deepEqual(await pausesOf([closed, closed, closed], 'open'), [0, 0, 0]);
    assert.deepEqual(await pausesOf([closed, closed, closed], 'closed', 0), [0, 0, 0]);
  });
});
