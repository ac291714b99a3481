import assert from 'node:assert/strict';
import fc from 'fast-check';
import { openExchange, recordOutput } from '../../../engine/client/exchange.js';
import { type Figures, figuresOf } from '../../../engine/client/request-figures.js';
import { Aggregator } from '../../../engine/metrics/aggregator.js';
import { FOLLOWED, type Followed } from '../../../engine/metrics/delta.js';
import { Histogram } from '../../../engine/metrics/histogram.js';
import type { HistogramDelta } from '../../../engine/metrics/histogram-delta.js';
import { Recorder } from '../../../engine/metrics/recorder.js';
import type { Phase } from '../../../engine/metrics/series.js';
import { LlmRecorder } from '../../../engine/vu/llm-recorder.js';

const SECONDS = 6;
const STEADY = { from: 1500, to: 4500 };

/** Request of a run: its start and its gaps, in milliseconds. */
interface Case {
  readonly name: string;
  readonly startAt: number;
  readonly gaps: readonly number[];
  readonly end: 'done' | 'failed' | 'censored';
  readonly inputTokens: number;
}

const requests = fc.array(
  fc.record<Case>({
    name: fc.constantFrom('chat', 'other'),
    startAt: fc.nat(4000),
    gaps: fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 8 }),
    end: fc.constantFrom('done', 'done', 'failed', 'censored'),
    inputTokens: fc.nat(50),
  }),
  { maxLength: 12 },
);

type Samples = Record<Followed, number[]>;
const none = (): Samples => ({ ttft: [], tpot: [], itl: [], e2e: [] });

/** Samples as docs/metrics.md has them, second by second and in total. */
interface Expected {
  readonly seconds: readonly (Samples & {
    requests: number;
    failed: number;
    inputTokens: number;
    outputTokens: number;
  })[];
  readonly totals: Readonly<Record<Phase, Samples>>;
}

/** Runs the requests, and lists what should have been recorded. */
function runOf(cases: readonly Case[]): { readonly aggregator: Aggregator; readonly expected: Expected } {
  const recorder = new Recorder(0, 0, STEADY);
  const llm = new LlmRecorder(recorder);
  const aggregator = new Aggregator();
  const expected: Expected = {
    seconds: Array.from({ length: SECONDS + 8 }, () => {
      return { ...none(), requests: 0, failed: 0, inputTokens: 0, outputTokens: 0 };
    }),
    totals: { steady: none(), outside: none() },
  };
  const steps: { readonly at: number; readonly run: () => void }[] = [];
  for (const one of cases) steps.push(...stepsOf(one, llm, expected));
  for (let second = 1; second <= SECONDS + 8; second += 1) {
    const at = second * 1000;
    // What happens at the very end of a second is of the next.
    steps.push({ at: at - 0.25, run: () => aggregator.apply(structuredClone(recorder.flush(at, []))) });
  }
  for (const { run } of steps.sort((a, b) => a.at - b.at)) run();
  return { aggregator, expected };
}

function stepsOf(one: Case, llm: LlmRecorder, { seconds, totals }: Expected) {
  const exchange = openExchange(one.name, 'm', one.startAt);
  const tags = { scenario: 'default', name: one.name };
  const instants = one.gaps.map((_, index) => one.startAt + one.gaps.slice(0, index + 1).reduce((a, b) => a + b));
  const endAt = (instants.at(-1) ?? 0) + 3;
  const second = (at: number) => seconds[Math.floor(at / 1000)] ?? assert.fail();
  let pending: ReturnType<LlmRecorder['begin']> | undefined;
  const begin = {
    at: one.startAt,
    run: () => {
      pending = llm.begin(tags, one.startAt);
    },
  };
  const outputs = instants.map((at, index) => ({
    at,
    run: () => {
      recordOutput(exchange, at, 1, 'text');
      exchange.firstChunkAt ??= at;
      pending?.onOutput(exchange, index);
      second(at).outputTokens += 1;
      if (index === 0) second(at).ttft.push(at - one.startAt);
      // A gap is known to be whole once the next event has come.
      const [before, earlier] = [instants[index - 1] ?? 0, instants[index - 2] ?? 0];
      if (index > 1) second(at).itl.push(before - earlier);
    },
  }));
  const end = {
    at: endAt,
    run: () => {
      exchange.endedAt = endAt;
      exchange.done = one.end === 'done';
      exchange.censored = one.end === 'censored';
      exchange.usage = { inputTokens: one.inputTokens, outputTokens: instants.length };
      if (one.end === 'failed') exchange.failure = { kind: 'stream_cut', message: 'cut' };
      const figures = figuresOf(exchange);
      assert.ok(pending);
      llm.end(pending, exchange);
      llm.settle(pending, exchange, figures, undefined);
      const [last = 0, before = 0] = instants.slice(-2).reverse();
      if (instants.length > 1) second(endAt).itl.push(last - before);
      if (one.end !== 'censored') expectEnd(one, figures, second(endAt), totals);
    },
  };
  return [begin, ...outputs, end];
}

function expectEnd(
  one: Case,
  { ttft, tpot, e2e }: Figures,
  now: Expected['seconds'][number],
  totals: Expected['totals'],
) {
  now.requests += 1;
  if (one.end === 'failed') now.failed += 1;
  now.inputTokens += one.inputTokens;
  if (tpot !== undefined) now.tpot.push(tpot);
  if (e2e !== undefined) now.e2e.push(e2e);
  if (one.end === 'failed') return;
  const total = totals[one.startAt >= STEADY.from && one.startAt < STEADY.to ? 'steady' : 'outside'];
  if (ttft !== undefined) total.ttft.push(ttft);
  if (tpot !== undefined) total.tpot.push(tpot);
  if (e2e !== undefined) total.e2e.push(e2e);
  total.itl.push(...one.gaps.slice(1));
}

/** Opened once, which costs more than all of its samples. */
const scratch = new Histogram('time');

function same(found: HistogramDelta | undefined, samples: readonly number[], what: string): void {
  for (const sample of samples) scratch.record(sample);
  const { sum, sumOfSquares, ...exact } = scratch.drain();
  if (!found) assert.deepEqual(samples, [], what);
  if (!found) return;
  const { sum: foundSum, sumOfSquares: foundSquares, ...rest } = found;
  assert.deepEqual(rest, exact, what);
  // Sums depend on the order of their parts in the last bits.
  assert.ok(Math.abs(foundSum - sum) <= 1e-9 * sum, what);
  assert.ok(Math.abs(foundSquares - sumOfSquares) <= 1e-9 * sumOfSquares, what);
}

describe('the curves and totals of a run', () => {
  it('have exactly the samples of their seconds and phases', () => {
    fc.assert(
      fc.property(requests, (cases) => {
        const { aggregator, expected } = runOf(cases);
        const { intervals } = aggregator;
        const sections = intervals.sections(0, intervals.length * 1000, 1000);
        assert.equal(sections.length, SECONDS + 8);
        expected.seconds.forEach((second, index) => {
          const section = sections[index] ?? assert.fail();
          for (const name of FOLLOWED) same(section.latencies[name], second[name], `${name} of second ${index}`);
          const { requests: ended, failed, inputTokens, outputTokens } = second;
          const { requests: found, ...counts } = section;
          assert.deepEqual(
            [found, counts.failed, counts.inputTokens, counts.outputTokens],
            [ended, failed, inputTokens, outputTokens],
          );
        });
        for (const phase of ['steady', 'outside'] as const) {
          for (const name of FOLLOWED) {
            const series = aggregator.merged(`llm_${name}`, [phase]);
            const found = series?.kind === 'trend' ? series.histogram.toDelta() : undefined;
            same(found, expected.totals[phase][name], `${name}, ${phase}`);
          }
        }
      }),
      { numRuns: 20 },
    );
  });
});
