import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Summary } from '../../engine/index.js';
import { testFolder } from '../support/folder.js';
import { runToEnd, settings } from '../support/run.js';
import { type Simulator, sharedSimulator } from '../support/simulator.js';
import { virtualTime } from '../support/virtual-time.js';

/** Record that an iteration wrote of itself. */
interface Noted {
  readonly scenario: string;
  readonly iteration: number;
  readonly vu: number;
  readonly ofVu: number;
  readonly rows: readonly number[];
  readonly random: readonly number[];
}

const ROWS = 17;

/** Records each iteration's user and draws, checks, counts, and asks the server. */
const BODY = `
import { chat, check, Counter, dataset, exec, Gauge, random, Rate, sleep, Trend } from 'tokenswarm';
import { appendFileSync } from 'node:fs';
const data = dataset('./rows.jsonl');
const units = new Counter('units'), odd = new Rate('odd'), size = new Trend('size'), top = new Gauge('top');
export default async function () {
  const { name, iterationInTest: iteration } = exec.scenario;
  const rows = [data.row<{ n: number }>().n, data.row<{ n: number }>().n];
  const note = { scenario: name, iteration, vu: exec.vu.idInTest, ofVu: exec.vu.iterationInScenario, rows, random: [random(), random()] };
  appendFileSync(__ENV.NOTES!, JSON.stringify(note) + '\\n');
  const answer = await chat({ messages: 'row ' + rows[0], slo: { ttft: 10_000 } });
  check(answer, { answered: (a) => a.ok, 'even row': rows[0]! % 2 === 0 });
  units.add(iteration); odd.add(iteration % 2 === 1); size.add(rows[0]!); top.add(iteration);
  await sleep(__ENV.PAUSE ?? 0);
}
`;

describe('over any number of workers and machines', () => {
  const folder = testFolder();
  const time = virtualTime();
  let simulator: Simulator;

  before(async () => {
    simulator = await sharedSimulator();
    folder.write('rows.jsonl', Array.from({ length: ROWS }, (_, n) => `{"n":${n}}\n`).join(''));
  });

  /** Runs a scenario on workers; returns its summary and the iterations' records. */
  function carried(options: string, workers: number) {
    return noting(options, { PAUSE: '1ms' }, (file, env) => runToEnd(file, settings(simulator.url, { workers, env })));
  }

  /** Does so in virtual time, where no iteration is late. */
  function timed(options: string, workers: number, pause: string, share?: string) {
    const given = { workers, ...(share && { share }) };
    return noting(options, { PAUSE: pause }, (file, env) => time.runToEnd(file, settings(time.url, { ...given, env })));
  }

  async function noting(
    options: string,
    given: Readonly<Record<string, string>>,
    run: (file: string, env: Readonly<Record<string, string>>) => Promise<Summary>,
  ) {
    const file = folder.write('exact.ts', `${BODY}\nexport const options = ${options};`);
    const notes = join(folder.path, 'notes');
    rmSync(notes, { force: true });
    const summary = await run(file, { NOTES: notes, ...given });
    const noted = readFileSync(notes, 'utf8').trim().split('\n');
    const sorted = noted.map((line) => JSON.parse(line) as Noted);
    sorted.sort((a, b) => (a.scenario < b.scenario ? -1 : a.scenario > b.scenario ? 1 : a.iteration - b.iteration));
    return { summary, noted: sorted };
  }

  /** Counts, checks and thresholds of a run. Times are left out, and gaps, which depend on reads. */
  function countsOf({ metrics, checks, thresholds, run, failures, errors }: Summary) {
    const whole = (name: string) => metrics[name]?.windows.whole ?? {};
    const { count, min, max, avg } = whole('size');
    return {
      exitCode: run.exitCode,
      failures,
      errors,
      requests: whole('llm_requests').count,
      tokens: [whole('llm_output_tokens').count, whole('llm_input_tokens').count],
      good: whole('llm_good').rate,
      failed: whole('llm_failed').rate,
      iterations: whole('iterations').count,
      units: whole('units').count,
      odd: whole('odd').rate,
      size: { count, min, max, avg: Number(avg?.toFixed(6)) },
      top: whole('top').max,
      checks: checks.map(({ name, scenario, passes, fails }) => ({ name, scenario, passes, fails })),
      thresholds: thresholds.map(({ metric, source, ok, observed }) => ({ metric, source, ok, observed })),
    };
  }

  const THRESHOLDS = `{ 'units{window:whole}': ['count>10', 'count<5'], 'llm_requests{window:whole}': ['count>=20'],
    'checks{check:even row,window:whole}': ['rate>0.9'] }`;

  it('shared iterations have the same numbers, rows and random numbers, and the sums are the same', async function () {
    this.timeout(60_000);
    const options = `{ scenarios: {
      a: { executor: 'shared-iterations', vus: 7, iterations: 40 },
      b: { executor: 'shared-iterations', vus: 3, iterations: 11 },
    }, thresholds: ${THRESHOLDS} }`;
    const alone = await carried(options, 1);
    const [a, b] = ['a', 'b'].map((name) => alone.noted.filter(({ scenario }) => scenario === name));
    assert.deepEqual(
      a?.map(({ iteration }) => iteration),
      Array.from({ length: 40 }, (_, n) => n),
    );
    assert.equal(b?.length, 11);
    // One lap of the first draws has every row once.
    assert.equal(new Set(a?.slice(0, ROWS).map(({ rows }) => rows[0])).size, ROWS);
    for (const workers of [2, 5]) {
      const several = await carried(options, workers);
      const drawn = ({ scenario, iteration, rows, random }: Noted) => ({ scenario, iteration, rows, random });
      assert.deepEqual(several.noted.map(drawn), alone.noted.map(drawn), `${workers} workers`);
      assert.deepEqual(countsOf(several.summary), countsOf(alone.summary), `${workers} workers`);
      assert.equal(several.summary.environment.workers, workers);
    }
    assert.deepEqual(
      alone.summary.thresholds.map(({ ok }) => ok),
      [true, false, true, false],
    );
    assert.equal(alone.summary.run.exitCode, 99);
  });

  it('checks and series stand in the order of the scenarios, whichever is first to run', async () => {
    const options = `{ scenarios: {
      a: { executor: 'constant-vus', vus: 2, startTime: '500ms', duration: '1s' },
      b: { executor: 'constant-vus', vus: 2, duration: '1500ms' },
    } }`;
    for (const workers of [1, 2]) {
      const { checks, metrics } = (await timed(options, workers, '20ms')).summary;
      assert.deepEqual(
        checks.map(({ scenario }) => scenario),
        ['a', 'a', 'b', 'b'],
      );
      assert.deepEqual(
        metrics.units?.series?.map(({ tags }) => tags.scenario),
        ['a', 'b'],
      );
    }
  });

  it('iterations of users are the same in everything, to the user who runs them', async function () {
    this.timeout(60_000);
    const options = `{ scenarios: {
      a: { executor: 'per-vu-iterations', vus: 6, iterations: 7 },
      b: { executor: 'per-vu-iterations', vus: 2, iterations: 3, startTime: '20ms' },
    }, thresholds: ${THRESHOLDS} }`;
    const alone = await carried(options, 1);
    assert.equal(alone.noted.length, 48);
    for (const workers of [2, 5]) {
      const several = await carried(options, workers);
      assert.deepEqual(several.noted, alone.noted, `${workers} workers`);
      assert.deepEqual(countsOf(several.summary), countsOf(alone.summary), `${workers} workers`);
    }
  });

  it('several machines together have the numbers of one run', async function () {
    this.timeout(60_000);
    const options = `{ scenarios: {
      a: { executor: 'per-vu-iterations', vus: 7, iterations: 3 },
      b: { executor: 'constant-arrival-rate', rate: 40, duration: '1s', preAllocatedVUs: 40 },
      c: { executor: 'shared-iterations', vus: 6, iterations: 25 },
    } }`;
    const alone = await timed(options, 1, '1ms');
    const drawn = ({ scenario, iteration, rows, random }: Noted) => ({ scenario, iteration, rows, random });
    for (const [machines, workers] of [
      [2, 1],
      [2, 3],
      [5, 1],
    ] as const) {
      const parts = [];
      for (let n = 1; n <= machines; n += 1) parts.push(await timed(options, workers, '1ms', `${n}/${machines}`));
      const noted = parts.flatMap((part) => part.noted.map(drawn));
      const key = ({ scenario, iteration }: { scenario: string; iteration: number }) => `${scenario} ${iteration}`;
      noted.sort((x, y) => (x.scenario === y.scenario ? x.iteration - y.iteration : key(x) < key(y) ? -1 : 1));
      assert.deepEqual(noted, alone.noted.map(drawn), `${machines} machines of ${workers}`);
      assert.equal(new Set(parts.map(({ summary }) => summary.run.share?.fingerprint)).size, 1);
      assert.deepEqual(
        parts.map(({ summary }) => [summary.run.share?.number, summary.run.share?.of]),
        parts.map((_, n) => [n + 1, machines]),
      );
    }
  });

  it('users who iterate for a time have the same ids, and each iteration of a number is the same', async function () {
    this.timeout(60_000);
    const options = `{ scenarios: { a: { executor: 'constant-vus', vus: 5, duration: '2s' } } }`;
    const runs = [];
    for (const workers of [1, 2, 5]) runs.push(await timed(options, workers, '150ms'));
    const drawn = ({ iteration, rows, random }: Noted) => [iteration, rows, random];
    for (const { noted, summary } of runs) {
      assert.deepEqual([...new Set(noted.map(({ vu }) => vu))].sort(), [1, 2, 3, 4, 5]);
      const numbers = noted.map(({ iteration }) => iteration);
      assert.equal(new Set(numbers).size, numbers.length, 'no number twice');
      assert.equal(summary.metrics.iterations?.windows.whole?.count, noted.length);
      assert.equal(summary.checks.find(({ name }) => name === 'answered')?.passes, noted.length);
      // As many as the time is good for: 5 users, 2 s, no less than 156 ms each.
      assert.ok(noted.length > 20 && noted.length <= 70, `${noted.length}`);
      for (const note of noted) {
        const same: Noted | undefined = runs[0]?.noted.find(({ iteration }) => iteration === note.iteration);
        if (same) assert.deepEqual(drawn(note), drawn(same));
      }
    }
  });
});
