import assert from 'node:assert/strict';
import fc from 'fast-check';
import { PLAIN } from '../../../engine/client/transport/transport.js';
import { Aggregator } from '../../../engine/metrics/aggregator.js';
import { judge } from '../../../engine/metrics/judge-thresholds.js';
import { Recorder } from '../../../engine/metrics/recorder.js';
import type { Summary } from '../../../engine/metrics/snapshot.js';
import { viewsOf } from '../../../engine/metrics/values.js';
import { ownPlan } from '../../../engine/options/plan.js';
import { Timeline } from '../../../engine/options/timeline.js';
import { recordOf } from '../../../engine/results/saved-record.js';
import { summarize } from '../../../engine/summary/summarize.js';
import { mergeShares } from '../../../engine/swarm/merge.js';
import type { ShareFile } from '../../../engine/swarm/share-files.js';
import { summaryJson } from '../../../reporters/json.js';
import { shareFile } from '../../support/records.js';
import { planned } from '../script/planned.js';

const SECONDS = 8;
const THRESHOLDS = { llm_ttft: ['p(95)<900'], 'llm_e2e{name:x}': ['avg<400'], llm_failed: ['rate<0.5'] };
const OPTIONS = {
  scenarios: {
    a: {
      executor: 'ramping-vus',
      stages: [
        { duration: '2s', target: 6 },
        { duration: '6s', target: 6 },
      ],
    },
  },
  thresholds: THRESHOLDS,
};

/** A request of some worker of all machines. */
interface Sample {
  readonly worker: number;
  readonly name: string;
  readonly at: number;
  readonly ttft: number;
  readonly failed: boolean;
}

const sample = (workers: number): fc.Arbitrary<Sample> =>
  fc.record({
    worker: fc.nat(workers - 1),
    name: fc.constantFrom('x', 'y', 'z'),
    at: fc.integer({ min: 0, max: 1000 * SECONDS - 1 }),
    ttft: fc.integer({ min: 0, max: 2000 }),
    failed: fc.boolean(),
  });

/** Record of the workers `first` to `end` − 1. */
function recordOfWorkers(samples: readonly Sample[], first: number, end: number, share?: string): Summary {
  const { plan } = planned({ ...OPTIONS, ...(share && { share }) });
  const aggregator = new Aggregator();
  const recorders = Array.from({ length: end - first }, (_, worker) => new Recorder(worker, 0, plan.steady));
  for (let second = 0; second < SECONDS; second += 1) {
    for (const [worker, recorder] of recorders.entries()) {
      for (const each of samples.filter(
        ({ worker: of, at }) => of === first + worker && Math.floor(at / 1000) === second,
      )) {
        record(recorder, each);
      }
      const progress = {
        scenario: 'a',
        activeVus: first + worker,
        initializedVus: 3,
        iterations: 1,
        interrupted: 0,
        dropped: 0,
      };
      aggregator.apply(structuredClone(recorder.flush((second + 1) * 1000, [{ ...progress, ended: false }])));
    }
  }
  const views = viewsOf(plan.steady, 1000 * SECONDS);
  const [, number, of] = /^(\d)\/(\d)$/.exec(share ?? '') ?? [];
  const summary = summarize({
    ...{ plan: ownPlan(plan), timeline: new Timeline(plan, end - first), aggregator, views, custom: {} },
    thresholds: judge(plan.thresholds, aggregator, {}, views, true),
    ...{
      resolved: { targets: [], transport: PLAIN, warnings: [] },
      workers: end - first,
      operator: [],
      server: undefined,
      datasets: [],
    },
    run: {
      ...{ scenario: 's.ts', startedAt: '2026-12-01T08:00:00.000Z', outcome: 'completed', exitCode: 0, seed: 1 },
      ...{ labels: {}, tags: {}, missing: [] },
      ...(number && { share: { number: Number(number), of: Number(of), fingerprint: 'f' } }),
    },
  });
  return recordOf('record', JSON.parse(summaryJson(summary)));
}

function record(recorder: Recorder, { name, at, ttft, failed, worker }: Sample): void {
  const tags = { scenario: 'a', name };
  const phase = recorder.phaseAt(at);
  recorder.counter('llm_requests', tags, phase).add(1);
  recorder.rate('llm_failed', tags, phase).add(failed);
  recorder.rate('checks', { scenario: 'a', check: 'is there' }, phase).add(!failed);
  recorder.trend('generator_loop_delay', { worker: String(0) }, phase).add(worker);
  if (failed) recorder.failure({ scenario: 'a', method: 'LLM', name, kind: 'http', status: 500, message: 'no' }, at);
  else {
    recorder.trend('llm_ttft', tags, phase).add(ttft);
    recorder.trend('llm_e2e', tags, phase).add(2 * ttft);
    recorder.counter('flow_output_tokens', tags, phase).add(7);
  }
  recorder.request({ method: 'LLM', name, failed, time: 2 * ttft, bytes: 3, outputTokens: 7 }, at);
  if (ttft > 1900) recorder.warn('slow');
}

/** Record without what names the machine. Names stand in the order of their arrival, which is chance. */
function figures({ run, environment: _, samples: __, machines: ___, ...rest }: Summary): Omit<Summary, 'environment'> {
  const { share: ____, exitCode: _____, ...same } = run;
  const key = (item: object) => JSON.stringify(item);
  const inOrder = <Item extends object>(items: readonly Item[]) => items.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
  const metrics = Object.entries(rest.metrics).map(([name, metric]) => {
    return [name, { ...metric, ...(metric.series && { series: inOrder(metric.series) }) }];
  });
  return {
    ...rest,
    ...{ metrics: Object.fromEntries(metrics) as Summary['metrics'], failures: inOrder(rest.failures) },
    run: { ...same, exitCode: 0 },
  };
}

function withoutNumbers(reason: string): string {
  return reason.replace(/\d[\d.,]*/g, '#');
}

describe('merged shares', () => {
  for (const [machines, workers] of [
    [2, 1],
    [2, 3],
    [5, 1],
  ] as const) {
    it(`of ${machines} machines with ${workers} workers equal one machine with the same samples`, async () => {
      const all = machines * workers;
      await fc.assert(
        fc.asyncProperty(
          fc.array(sample(all), { minLength: 1, maxLength: 60 }),
          fc.boolean(),
          async (samples, large) => {
            const whole = recordOfWorkers(samples, 0, all);
            const shares = Array.from({ length: machines }, (_, n) => {
              const record = recordOfWorkers(samples, n * workers, (n + 1) * workers, `${n + 1}/${machines}`);
              return shareFile(`${n}.json`, record, large ? 1e9 : 1);
            });
            const merged = JSON.parse(summaryJson(await mergeShares(shares.reverse()))) as Summary;
            recordOf('merged', merged);
            const { quality, ...got } = figures(merged);
            const { quality: expected, ...wanted } = figures(whole);
            assert.deepEqual(got, wanted);
            const found = quality.reasons.map(withoutNumbers).join('\n');
            for (const reason of expected.reasons) assert.ok(found.includes(withoutNumbers(reason)), reason);
            assert.equal(merged.machines?.length, machines);
            assert.equal(merged.environment.workers, all);
          },
        ),
        { numRuns: 15 },
      );
    });
  }

  const SAMPLES: readonly Sample[] = [0, 1].map((worker) => ({
    worker,
    name: 'x',
    at: 3000,
    ttft: 100,
    failed: false,
  }));
  const recordOfShare = (n: number, of = 2) => recordOfWorkers(SAMPLES, n - 1, n, `${n}/${of}`);
  const share = (n: number, of = 2) => shareFile(`${n}.json`, recordOfShare(n, of));

  it('name a missing share, and make the numbers invalid', async () => {
    const { quality, run } = await mergeShares([share(1, 3), share(2, 3)]);
    assert.equal(quality.verdict, 'invalid');
    assert.ok(quality.reasons.includes('part of the load is missing: share 3 of 3'));
    assert.deepEqual(run.missing, ['share 3 of 3']);
    assert.equal(run.exitCode, 107);
  });

  it('are aligned by their starts, less the offsets of their clocks', async () => {
    const late = (ms: number, clockOffset: number) => {
      const record = recordOfShare(2);
      const startedAt = new Date(Date.parse(record.run.startedAt) + ms).toISOString();
      const own = record.run.share;
      const run = { ...record.run, startedAt, ...(own && { share: { ...own, clockOffset } }) };
      return shareFile('2.json', { ...record, run });
    };
    const ends = async (second: ShareFile) => {
      const { intervals } = await mergeShares([share(1), second]);
      return intervals.flatMap(({ at, outputTokens }) => (outputTokens > 0 ? [at] : []));
    };
    assert.deepEqual(await ends(late(0, 0)), [3]);
    assert.deepEqual(await ends(late(2000, 0)), [3, 5]);
    assert.deepEqual(await ends(late(2000, 2000)), [3]);
    const { quality } = await mergeShares([share(1), late(2000, 0)]);
    assert.ok(quality.reasons.includes('the shares started up to 2.0 s apart: use --start-together'));
  });

  it('are refused where they do not belong together, all at once', async () => {
    const other = recordOfShare(2);
    const changed = (run: Partial<Summary['run']>) =>
      shareFile('other.json', { ...other, run: { ...other.run, ...run } });
    const whole = shareFile('whole.json', recordOfWorkers(SAMPLES, 0, 2));
    const another = { number: 2, of: 2, fingerprint: 'g' };
    const files = [share(1), whole, share(1), changed({ share: another }), changed({ seed: 2 })];
    await assert.rejects(mergeShares(files), {
      message: [
        'whole.json is no share: it is the record of a whole run',
        '1.json and 1.json are both share 1',
        'other.json is of another script, plan, seed or version than 1.json',
        'other.json has the seed 2, 1.json has 1',
      ].join('\n'),
      exitCode: 104,
    });
    const tomorrow = changed({ startedAt: '2026-12-02T08:00:00.000Z' });
    await assert.rejects(mergeShares([share(1), tomorrow]), {
      where: 'other.json',
      message: 'it is of another run: its load and that of the others never met',
    });
    await assert.rejects(mergeShares([]), /there are no records/);
    await assert.rejects(mergeShares([share(1), share(2, 3)]), /2\.json is one of 3 shares, 1\.json one of 2/);
  });
});
