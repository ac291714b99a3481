import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { startTokenswarm, tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { TestMaster } from '../support/locust/master.js';
import { freePort } from '../support/port.js';
import { type Simulator, sharedSimulator } from '../support/simulator.js';

/** Report of a worker, as its master reads it. */
interface Report {
  readonly stats: readonly { readonly name: string; readonly method: string; readonly num_requests: number }[];
  readonly stats_total: { readonly num_requests: number; readonly num_failures: number };
  readonly errors: Readonly<Record<string, { readonly error: string; readonly occurrences: number }>>;
  readonly user_count: number;
}

describe('tokenswarm worker', function () {
  this.timeout(60_000);
  const folder = testFolder();
  let simulator: Simulator;
  let master: TestMaster;
  let address: string;

  before(async () => {
    simulator = await sharedSimulator();
    folder.write(
      'ask.ts',
      `import { chat } from 'tokenswarm';
       export default async function () { await chat({ messages: 'hi', name: 'ask' }); }`,
    );
  });
  beforeEach(async () => {
    master = new TestMaster();
    address = await master.listen();
  });
  afterEach(() => master.close());

  const MODEL = ['--model', 'sim-ttft5-itl1-len5'];
  const start = (...more: readonly string[]) =>
    startTokenswarm(['worker', 'ask.ts', '--master', address, ...MODEL, ...more], { cwd: folder.path });
  const reports = () => master.received.filter(({ type }) => type === 'stats').map(({ data }) => data as Report);
  const sum = (figure: (report: Report) => number) => reports().reduce((total, report) => total + figure(report), 0);

  it('runs two tests of one master, reports every request, and writes a record of each', async () => {
    const running = start('--base-url', `${simulator.url}/v1`, '--out', 'json=run.json');
    assert.equal(await master.got('client_ready'), -1);
    master.spawn({ Search: 1, Talk: 0 });
    assert.deepEqual(await master.got('spawning_complete'), {
      user_classes_count: { Search: 1, Talk: 0 },
      user_count: 1,
    });
    await running.saw('test 1 begins with 1 user');
    master.spawn({ Search: 2, Talk: 3 });
    await master.got('spawning_complete', 2);
    await master.got('stats');
    master.send('stop');
    await master.got('client_stopped');
    await master.got('client_ready', 2);
    const { locust, plan, run, windows } = folder.summary('run.json');
    assert.deepEqual([run.outcome, run.exitCode, plan.scenarios[0]?.name], ['completed', 0, 'locust']);
    assert.ok(windows.whole.to > 0);
    const count = locust.rows[0]?.times.count ?? 0;
    assert.ok(count > 20, `${count} requests`);
    const rows = (report: Report, name: string) => report.stats.find((row) => row.name === name)?.num_requests ?? 0;
    assert.equal(
      sum((report) => rows(report, 'ask')),
      count,
    );
    assert.equal(
      sum(({ stats_total }) => stats_total.num_requests),
      count,
    );
    for (const [name, times] of Object.entries(locust.latencies)) {
      assert.equal(
        sum((report) => rows(report, name)),
        times.count,
        name,
      );
    }
    assert.equal(reports().at(-1)?.user_count, 0);
    master.spawn({ Search: 1, Talk: 1 });
    await master.got('stats', reports().length + 1);
    master.send('quit');
    await master.got('quit');
    const { code, stderr } = await running.ended;
    assert.equal(code, 0, stderr);
    assert.match(stderr, /test 2 begins with 2 users\n/);
    assert.match(stderr, /test 1 has ended after \d+ iterations: run\.json\n/);
    assert.equal(folder.summary('run-2.json').run.outcome, 'completed');
  });

  it('takes the server of the master, and reports failures and exceptions of the script', async () => {
    folder.write(
      'ask.ts',
      `import { http, sleep } from 'tokenswarm';
       export default async function () {
         await http.get(__ENV.SITE + '/v1/nothing', { tags: { name: 'nothing' } });
         await sleep(0.2);
         throw new Error('no such thing');
       }`,
    );
    const running = start('-e', `SITE=${simulator.url}`, '--no-preflight');
    await master.got('client_ready');
    master.spawn({ Any: 1 }, simulator.url);
    const { msg } = (await master.got('exception')) as { readonly msg: string };
    assert.match(msg, /no such thing/);
    const [error] = reports().flatMap(({ errors }) => Object.values(errors));
    assert.match(error?.error ?? '', /404/);
    assert.ok((error?.occurrences ?? 0) >= 1);
    const heartbeat = (await master.got('heartbeat')) as { readonly state: string; readonly current_cpu_usage: number };
    assert.ok(heartbeat.current_cpu_usage >= 0);
    running.signal('SIGTERM');
    const { code, stderr } = await running.ended;
    assert.equal(code, 0, stderr);
  });

  it('takes a test that is stopped before its load begins for no failure', async () => {
    const running = start('--base-url', `${simulator.url}/v1`, '--out', 'json=early.json');
    await master.got('client_ready');
    master.spawn({ Any: 1 });
    await master.got('spawning_complete');
    master.send('stop');
    await master.got('client_stopped');
    master.send('quit');
    const { code, stderr } = await running.ended;
    assert.equal(code, 0, stderr);
    assert.match(stderr, /test 1 was stopped before its load began\n/);
  });

  it('comes back to a master that has dropped it', async () => {
    const running = start('--base-url', `${simulator.url}/v1`);
    await master.got('client_ready');
    master.drop();
    await master.got('client_ready', 2);
    running.signal('SIGINT');
    const { code, stderr } = await running.ended;
    assert.equal(code, 0);
    assert.match(stderr, /waiting for a Locust master at 127\.0\.0\.1:\d+ \(the connection was closed\)/);
  });

  it('waits for a master that is not there yet, and says so', async () => {
    master.close();
    const running = start('--base-url', `${simulator.url}/v1`);
    await running.saw('waiting for a Locust master at');
    running.signal('SIGINT');
    assert.equal((await running.ended).code, 0);
  });

  const SERVERS = {
    'HTTP/1.1 400 Bad Request\r\n\r\n': /is no Locust master: it does not speak ZeroMQ, but "HTTP\/1\.1 400 Bad R/,
    [`\xff${'\0'.repeat(8)}\x7f\x01`]: /it speaks version 1 of ZeroMQ's protocol/,
    [`\xff${'\0'.repeat(8)}\x7f\x03\0CURVE${'\0'.repeat(47)}`]: /it asks for the security CURVE/,
  };
  for (const [greeting, expected] of Object.entries(SERVERS)) {
    it(`names what is no master: ${expected.source}`, async () => {
      const port = await freePort();
      const server = createServer((socket) => socket.on('error', () => undefined).write(greeting, 'latin1'));
      server.listen(port, '127.0.0.1');
      address = `127.0.0.1:${port}`;
      const { code, stderr } = await start('--base-url', `${simulator.url}/v1`).ended;
      server.close();
      assert.equal(code, 104);
      assert.match(stderr, expected);
    });
  }

  it('refuses an address that is none, and reports that only a run can serve', async () => {
    const refused = async (...args: readonly string[]) => {
      const { code, stderr } = await tokenswarm(['worker', 'ask.ts', ...args], { cwd: folder.path });
      assert.equal(code, 104);
      return stderr;
    };
    assert.match(await refused('--master', 'a:b:c'), /--master: expected HOST or HOST:PORT, got "a:b:c"/);
    assert.match(await refused('--master', 'a:70000'), /--master: expected HOST or HOST:PORT/);
    assert.match(await refused('--out', 'prometheus=127.0.0.1:9'), /a worker writes files alone, not prometheus=/);
  });
});
