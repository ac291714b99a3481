import assert from 'node:assert/strict';
import { runInNewContext } from 'node:vm';
import type { Api } from '../../../engine/api/index.js';
import { parseTarget } from '../../../engine/client/target.js';
import { systemClock } from '../../../engine/clock.js';
import { Aggregator } from '../../../engine/metrics/aggregator.js';
import { outlivedOf, outlivedText } from '../../../engine/metrics/outlived.js';
import { Recorder } from '../../../engine/metrics/recorder.js';
import { INSTANCE, type Thread } from '../../../engine/vu/thread-context.js';
import { Vu } from '../../../engine/vu/vu.js';
import { idleThread } from '../../../engine/workers/thread/idle-thread.js';
import { FakeClock, settle } from '../../support/fake-clock.js';
import { misbehavingServers } from '../../support/misbehaving-server.js';

const PLAN = {
  name: 'talk',
  executor: 'constant-vus',
  exec: 'default',
  startTime: 0,
  env: {},
  tags: {},
  load: { kind: 'closed', duration: 60_000 },
} as const;

describe('a call that its iteration does not await', () => {
  const start = misbehavingServers();
  const made: Vu[] = [];
  afterEach(() => {
    for (const vu of made.splice(0)) vu.close();
  });

  /** A user that runs these iterations, and what it records. Time is the given clock's. */
  function user(iteration: (api: Api, number: number) => unknown, around: Partial<Thread> = {}) {
    const { clock = new FakeClock() } = around;
    const recorder = new Recorder(0, clock.now(), { from: 0, to: 0 });
    const idle = idleThread({ clock, file: '/scenario.ts', env: {} });
    const thread: Thread = { ...idle, ...around, recorder };
    const evaluate = (api: Api) => ({ default: () => iteration(api, next) });
    let next = 0;
    const vu = new Vu(thread, evaluate, 1, PLAN);
    made.push(vu);
    return {
      vu,
      async iterate() {
        const end = await vu.iterate({ iterationInTest: next, dueAt: undefined }, () => undefined);
        next += 1;
        return end;
      },
      requestsOutlived: () => thread.instance[INSTANCE.requestsOutlived],
      outlived() {
        const aggregator = new Aggregator();
        aggregator.add(recorder.flush(clock.now(), []));
        return outlivedOf(aggregator);
      },
    };
  }

  it('is counted once, by its function, when the iteration has ended', async () => {
    const { iterate, outlived, requestsOutlived } = user(async ({ sleep, group }, number) => {
      if (number > 0) return;
      void sleep(60);
      void sleep(60);
      void group('part', () => new Promise(() => {}));
    });
    for (let number = 0; number < 3; number += 1) assert.equal(await iterate(), 'complete');
    assert.deepEqual(outlived(), [
      { call: 'sleep', count: 2 },
      { call: 'group', count: 1 },
    ]);
    assert.equal(requestsOutlived(), 0, 'a sleep is no request');
  });

  it('is not counted where the iteration awaits it later, or is interrupted', async () => {
    const clock = new FakeClock();
    const { vu, iterate, outlived } = user(
      async ({ sleep, group }) => {
        const all = [sleep(1), group('part', () => sleep(2)), sleep(3)];
        await sleep(1);
        await Promise.all(all);
      },
      { clock },
    );
    const whole = iterate();
    await clock.advance(3000);
    assert.equal(await whole, 'complete');
    const cut = iterate();
    await settle();
    vu.interrupt();
    assert.equal(await cut, 'interrupted');
    assert.deepEqual(outlived(), []);
  });

  it('counts requests of every kind, and none that the iteration has cancelled', async () => {
    const { port } = await start(() => undefined);
    const url = `http://127.0.0.1:${port}`;
    const target = parseTarget({ baseUrl: url, model: 'm' });
    const cancelled: Promise<unknown>[] = [];
    const around = { clock: systemClock, target, nextTarget: () => target };
    const careless = user(({ chat, conversation, http }) => {
      void chat({ messages: 'hi' });
      void conversation().say('hi');
      void http.get(url).catch(() => undefined);
      throw new Error('a thrown iteration leaves its requests too');
    }, around);
    assert.equal(await careless.iterate(), 'failed');
    assert.deepEqual(
      careless.outlived().map(({ call }) => call),
      ['chat', 'say', 'http.get'],
    );
    assert.equal(careless.requestsOutlived(), 3);
    const careful = user(async ({ chat, sleep }) => {
      const over = new AbortController();
      cancelled.push(chat({ messages: 'hi', signal: over.signal }));
      await sleep('20ms');
      over.abort();
    }, around);
    assert.equal(await careful.iterate(), 'complete');
    assert.deepEqual(careful.outlived(), []);
    await Promise.all(cancelled);
  });

  it('is no value for a check', async () => {
    const { iterate } = user(({ check }) => {
      for (const promise of [Promise.resolve(1), runInNewContext('Promise.resolve(1)')]) {
        assert.throws(
          () => check(promise, { ok: () => true }),
          /^TypeError: check got a promise: await the request before it$/,
        );
      }
      assert.equal(check(JSON.parse('{ "then": 1 }'), { ok: () => true }), true);
      assert.equal(check(null, { ok: (value) => value === null }), true);
    });
    assert.equal(await iterate(), 'complete');
  });

  it('is named in words', () => {
    assert.equal(
      outlivedText([{ call: 'chat', count: 1 }]),
      '1 request outlived its iteration: is an await missing at chat?',
    );
    assert.equal(
      outlivedText([
        { call: 'sleep', count: 9 },
        { call: 'http.get', count: 3 },
        { call: 'chat', count: 2 },
      ]),
      '5 requests outlived their iteration: is an await missing at sleep, http.get or chat?',
    );
    assert.equal(
      outlivedText([{ call: 'sleep', count: 9 }]),
      '9 calls outlived their iteration: is an await missing at sleep?',
    );
  });
});
