import assert from 'node:assert/strict';
import { type Load, LocustWorker } from '../../../engine/locust/locust-worker.js';
import { loadCodec } from '../../../engine/locust/messages.js';
import { ROOT } from '../../support/command.js';
import { FakeClock } from '../../support/fake-clock.js';
import { TestMaster } from '../../support/locust/master.js';

describe('a Locust worker', () => {
  let master: TestMaster;
  let clock: FakeClock;
  let events: string[];
  let worker: LocustWorker;

  const load: { -readonly [Part in keyof Load]: Load[Part] } = {
    scale: (users) => void events.push(`scale ${users}`),
    stop: async (grace) => void events.push(`stop ${grace}`),
    report: () => ({ stats: undefined, exceptions: [] }),
    health: { cpu: 12, memory: 1e8 },
  };

  beforeEach(async () => {
    master = new TestMaster();
    clock = new FakeClock(1000);
    events = [];
    const [host = '', port] = (await master.listen()).split(':');
    worker = new LocustWorker({
      ...{ master: { host, port: Number(port) }, codec: loadCodec(ROOT), clock },
      start: (users) => {
        events.push(`start ${users}`);
        return load;
      },
      tell: (text) => void events.push(text),
    });
    await master.got('client_ready');
  });
  afterEach(async () => {
    await worker.quit();
    master.close();
  });

  it('obeys each order once, in its order', async () => {
    const spawn = (timestamp: number, count: number) =>
      master.send('spawn', { timestamp, user_classes_count: { A: count, B: 1 }, host: null, stop_timeout: 2 });
    spawn(10, 1);
    await master.got('spawning_complete');
    spawn(10, 7);
    spawn(9, 8);
    spawn(11, 2);
    await master.got('spawning_complete', 2);
    master.send('stop');
    await master.got('client_ready', 2);
    assert.deepEqual(
      events.filter((event) => /^(start|scale|stop) /.test(event)),
      ['start 2', 'scale 3', 'stop 2000'],
    );
  });

  it('starts the next test where it is ordered while the last one stops', async () => {
    const { stop } = load;
    let over = () => {};
    load.stop = () =>
      new Promise((resolve) => {
        over = resolve;
      });
    master.spawn({ A: 1 });
    await master.got('spawning_complete');
    master.send('stop');
    master.send('spawn', { timestamp: 9e9, user_classes_count: { A: 5 }, host: null, stop_timeout: 0 });
    master.send('ack', { index: 7 });
    await new Promise((done) => setTimeout(done, 50));
    over();
    await master.got('spawning_complete', 2);
    assert.deepEqual(
      events.filter((event) => /^(start|scale) /.test(event)),
      ['start 1', 'start 5'],
    );
    load.stop = stop;
  });

  it('tells its state each second', async () => {
    await clock.advance(1000);
    const beat = (await master.got('heartbeat')) as Readonly<Record<string, unknown>>;
    assert.deepEqual([beat.state, beat.current_cpu_usage], ['ready', 0]);
    master.spawn({ A: 1 });
    await master.got('spawning_complete');
    await clock.advance(1000);
    const busy = await master.got('heartbeat', 2);
    assert.deepEqual(busy, { state: 'running', current_cpu_usage: 12, current_memory_usage: 1e8 });
  });

  it('ends a test that a master which comes back does not know, and not one that it orders anew', async () => {
    master.spawn({ A: 1 });
    await master.got('spawning_complete');
    const comeBack = async (n: number) => {
      master.drop();
      while (!events.some((event) => event.startsWith('waiting for'))) await new Promise((done) => setTimeout(done, 1));
      events.splice(0);
      await clock.advance(500);
      await master.got('client_ready', n);
    };
    await comeBack(2);
    master.spawn({ A: 2 });
    await master.got('spawning_complete', 2);
    await clock.advance(10_000);
    assert.deepEqual(events, ['scale 2']);
    await comeBack(3);
    await clock.advance(10_000);
    assert.deepEqual(events, ['the master has come back without this test, which ends here', 'stop 0']);
  });

  it('leaves a master that has stopped sending heartbeats, but not one that never sent any', async () => {
    await clock.advance(120_000);
    assert.ok(!events.some((event) => event.includes('heartbeat')));
    master.send('heartbeat');
    master.send('ack', { index: 3 });
    while (!events.some((event) => event.includes('number'))) await new Promise((done) => setTimeout(done, 1));
    await clock.advance(61_000);
    assert.equal(await worker.ended, 'the master has sent no heartbeat for 60 s');
  });

  it('ignores what it does not know, and bytes that are no message', async () => {
    master.send('update_user_class', { anything: [1, 2] });
    master.send('spawn', 'not an order');
    master.send('spawn', { timestamp: 5, user_classes_count: null });
    master.spawn({ A: 1 });
    await master.got('spawning_complete');
    assert.ok(events.includes('start 1'));
  });
});
