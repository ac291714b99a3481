import assert from 'node:assert/strict';
import { type Summary, tryOnce, type UserError } from '../../engine/index.js';
import { testFolder } from '../support/folder.js';
import { runToEnd, settings } from '../support/run.js';
import { type Simulator, sharedSimulator } from '../support/simulator.js';

describe('exec', () => {
  const folder = testFolder();
  let simulator: Simulator;
  let files = 0;

  before(async () => {
    simulator = await sharedSimulator();
  });

  const write = (text: string) => {
    files += 1;
    return folder.write(`exec-${files}.ts`, `import { chat, check, Counter, exec, sleep } from 'tokenswarm';\n${text}`);
  };

  /** Runs a scenario whose iterations throw on unexpected values. */
  async function carried(text: string, workers = 2): Promise<Summary> {
    const summary = await runToEnd(write(text), settings(simulator.url, { workers }));
    assert.deepEqual(summary.errors, []);
    return summary;
  }

  it('tells of the scenario: name, executor, start, progress and the number of the iteration', async () => {
    const summary = await carried(`
      export const options = { scenarios: {
        one: { executor: 'constant-vus', vus: 2, duration: '1s' },
        two: { executor: 'per-vu-iterations', vus: 2, iterations: 2, startTime: '500ms', maxDuration: '2s' },
      } };
      const began = Date.now();
      const iterations = new Counter('seen');
      let last = 0;
      export default async function () {
        const { name, executor, startTime, progress, iterationInTest, iterationInInstance } = exec.scenario;
        if (executor !== { one: 'constant-vus', two: 'per-vu-iterations' }[name]) throw new Error(name + executor);
        if (Math.abs(Date.now() - startTime - progress * { one: 1000, two: 2000 }[name]!) > 50) throw new Error('progress ' + progress);
        if (startTime < began || progress < last || progress > 1) throw new Error('time ' + startTime);
        if (iterationInTest !== iterationInInstance || !Number.isInteger(iterationInTest)) throw new Error('number');
        last = progress;
        iterations.add(1, { scenario: name });
        await sleep(0.1);
      }`);
    assert.ok((summary.metrics.seen?.windows.whole?.count ?? 0) > 10);
  });

  it('tells of the user: its id and the number of its iteration, and puts its tags on what it measures', async () => {
    const summary = await carried(`
      export const options = {
        scenarios: { a: { executor: 'per-vu-iterations', vus: 4, iterations: 3, tags: { tier: 'gold' } } },
        thresholds: { 'llm_requests{parity:1,window:whole}': ['count==6'], 'own{parity:0,window:whole}': ['count==6'], 'own{tier:gold,window:whole}': ['count==12'] },
      };
      const own = new Counter('own');
      let mine = 0;
      export default async function () {
        const { idInTest, idInInstance, iterationInInstance, iterationInScenario, tags, metrics } = exec.vu;
        if (idInTest !== __VU || idInInstance !== __VU || __VU < 1 || __VU > 4) throw new Error('id ' + idInTest);
        if (iterationInInstance !== mine || iterationInScenario !== mine || __ITER !== mine) throw new Error('iteration');
        if (metrics.tags !== tags || tags.tier !== 'gold') throw new Error(JSON.stringify(tags));
        metrics.tags.parity = idInTest % 2;
        await chat({ messages: 'hi' });
        own.add(1);
        mine += 1;
      }`);
    assert.deepEqual([summary.run.exitCode, summary.thresholds.map(({ ok }) => ok)], [0, [true, true, true]]);
  });

  it('tells of the instance: users and iterations of all workers together, and the time', async () => {
    const summary = await carried(`
      export const options = { scenarios: {
        busy: { executor: 'constant-vus', vus: 4, duration: '1s', gracefulStop: '0s', exec: 'wait' },
        late: { executor: 'shared-iterations', vus: 1, iterations: 1, startTime: '1500ms' },
      } };
      export function setup() { if (exec.instance.vusInitialized !== 5) throw new Error('' + exec.instance.vusInitialized); }
      let turn = 0;
      export async function wait() {
        turn += 1;
        if (turn === 1) return sleep(0.3);
        if (exec.instance.vusActive < 2) throw new Error('active ' + exec.instance.vusActive);
        await sleep(60);
      }
      export default function () {
        const { vusActive, vusInitialized, iterationsCompleted, iterationsInterrupted, currentTestRunDuration } = exec.instance;
        const found = JSON.stringify([vusActive, vusInitialized, iterationsCompleted, iterationsInterrupted]);
        if (found !== '[1,5,4,4]') throw new Error(found);
        if (currentTestRunDuration < 1450 || currentTestRunDuration > 5000) throw new Error('' + currentTestRunDuration);
      }`);
    assert.equal(summary.run.exitCode, 0);
  });

  it('has the options of the test, from every source and with defaults, without the key', async () => {
    const file = write(`
      export const options = { thresholds: { llm_ttft: ['avg<5000'], 'llm_e2e{name:a}': [] }, tags: { a: 1 } };
      export default function () {
        const { options } = exec.test;
        (options as { tags: object }).tags = {};
        const found = exec.test.options;
        check(found, {
          scenario: ({ scenarios }) => JSON.stringify(scenarios) === JSON.stringify({ default: {
            executor: 'shared-iterations', exec: 'default', env: {}, tags: {}, startTime: 0, gracefulStop: 30000, vus: 2,
            iterations: 4, maxDuration: 600000 } }),
          thresholds: ({ thresholds }) => JSON.stringify(thresholds) === JSON.stringify({
            'llm_e2e{name:a}': [], llm_ttft: [{ threshold: 'avg<5000', abortOnFail: false, delayAbortEval: 0 }] }),
          tags: ({ tags }) => JSON.stringify(tags) === '{"a":"1","b":"2"}',
          seed: ({ seed }) => seed === 5,
          timeouts: ({ setupTimeout, teardownTimeout }) => setupTimeout === 7000 && teardownTimeout === 60000,
          http: ({ batch, maxRedirects, throw: throws }) => batch === 3 && maxRedirects === 10 && throws === false,
          rest: (o) => o.protocol === 'chat' && o.noSetup === true && o.noTeardown === false && o.handleSummaryTimeout === 120000,
          server: ({ baseUrl, model }) => baseUrl === __ENV.URL && model === 'sim',
          'no key': (o) => !JSON.stringify(o).includes('sk-'),
        });
      }`);
    const summary = await runToEnd(file, {
      baseUrl: simulator.url,
      model: 'sim',
      apiKey: 'sk-1',
      vus: 2,
      tags: { b: 2 },
      seed: 5,
      iterations: 4,
      env: { URL: `${simulator.url}/v1` },
      environment: { TOKENSWARM_SETUP_TIMEOUT: '7s', TOKENSWARM_BATCH: '3', TOKENSWARM_NO_SETUP: 'true' },
    });
    assert.deepEqual(summary.errors, []);
    const failing = summary.checks.filter(({ fails }) => fails > 0).map(({ name }) => name);
    assert.deepEqual([failing, summary.checks.length], [[], 9]);
  });

  it('throws for an iteration where there is none', async () => {
    for (const [text, what] of [
      [`const name = exec.scenario.name; export default function () { return name; }`, 'scenario.name'],
      [`const all = exec.test.options; export default function () { return all; }`, 'test.options'],
      [
        `export function setup() { return exec.scenario.iterationInTest; } export default function () {}`,
        'scenario.iter',
      ],
    ] as const) {
      await assert.rejects(runToEnd(write(text), settings(simulator.url)), (error: UserError) => {
        assert.match(error.message, new RegExp(`exec\\.${what}\\w* is not available here`));
        assert.match(error.where ?? '', /exec-\d+\.ts:2:/);
        return error.exitCode === 107;
      });
    }
  });

  it('is that of iteration 0 in `try`', async () => {
    const file = write(`
      export default function () { throw new Error([exec.scenario.iterationInTest, exec.vu.idInTest, exec.test.options.seed].join()); }`);
    const { error } = await tryOnce(file, settings(simulator.url));
    assert.match(error?.stack ?? '', /Error: 0,1,1\n/);
  });
});
