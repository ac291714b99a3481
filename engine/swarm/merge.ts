import { PLAIN } from '../client/transport/transport.js';
import { configError, ExitCode } from '../errors.js';
import { Aggregator } from '../metrics/aggregator.js';
import type { JoinedInterval } from '../metrics/intervals.js';
import { judge } from '../metrics/judge-thresholds.js';
import { unpackSeries } from '../metrics/packed-series.js';
import type { SeriesKey } from '../metrics/series.js';
import type { SessionLane } from '../metrics/session-lanes.js';
import type { RecordedInterval, Summary } from '../metrics/snapshot.js';
import { viewsOf } from '../metrics/values.js';
import { summarizeWith } from '../summary/summarize.js';
import type { RecordInputs } from '../summary/summary-inputs.js';
import { joinedDatasets, joinedQuality, joinedReader } from './joined-parts.js';
import { type MergeableShare, type ShareFile, sharesInOrder, startOf } from './share-files.js';

/** Most milliseconds between starts that are one. Clocks err as much. */
const TOGETHER = 500;

/** Bytes of files whose intervals are joined at once. Fewer are packed more often, more need more memory. */
const AT_ONCE = 128 * 1024 * 1024;

type Records = readonly [MergeableShare['record'], ...MergeableShare['record'][]];

/** Share with its place in the merged run. */
interface PlacedShare extends MergeableShare {
  /** Milliseconds that it started after the first. */
  readonly delay: number;
  /** Number of its first worker among those of all. */
  readonly firstWorker: number;
}

/**
 * Record of a run from the records of its shares. Equal to that of one machine with the same
 * samples. Throws a UserError where they do not belong together; a missing share makes the numbers invalid.
 */
export async function mergeShares(files: readonly ShareFile[]): Promise<Summary> {
  const { shares: ordered, missing } = sharesInOrder(files);
  const shares = placed(ordered);
  const [lowest, ...others] = ordered;
  const records: Records = [lowest.record, ...others.map(({ record }) => record)];
  const aggregator = new Aggregator();
  await enterAll(aggregator, shares);
  aggregator.missing.push(...missing);
  const merged = summarizeWith(...inputsOf(aggregator, records, shares));
  const [first] = records;
  const reader = joinedReader(records);
  const { samples: _, ...record } = merged;
  return {
    ...record,
    target: first.target,
    environment: {
      ...first.environment,
      workers: records.reduce((sum, { environment }) => sum + environment.workers, 0),
    },
    ...(reader && { reader }),
    quality: joinedQuality(merged.quality, shares, TOGETHER),
    machines: shares.map(({ record: { run, quality, environment } }) => ({
      share: run.share?.number ?? 0,
      startedAt: run.startedAt,
      outcome: run.outcome,
      verdict: quality.verdict,
      ...(run.share?.clockOffset !== undefined && { clockOffset: run.share.clockOffset }),
      environment,
    })),
  };
}

function placed(shares: readonly MergeableShare[]): PlacedShare[] {
  const starts = shares.map(({ record }) => startOf(record));
  const first = Math.min(...starts);
  let firstWorker = 0;
  return shares.map((share, index) => {
    const delay = (starts[index] ?? first) - first;
    const place = { ...share, delay: delay < TOGETHER ? 0 : delay, firstWorker };
    firstWorker += share.record.environment.workers;
    return place;
  });
}

/** Reads all shares, one after the other, and enters their samples. */
async function enterAll(aggregator: Aggregator, shares: readonly PlacedShare[]): Promise<void> {
  let intervals: JoinedInterval[] = [];
  let bytes = 0;
  for (const share of shares) {
    const summary = await share.read();
    enter(aggregator, share, summary);
    intervals.push(...intervalsOf(share, summary));
    bytes += share.size;
    if (bytes < AT_ONCE) continue;
    aggregator.intervals.join(intervals);
    intervals = [];
    bytes = 0;
  }
  aggregator.intervals.join(intervals);
}

/** Enters a share's samples into the books of all. */
function enter(aggregator: Aggregator, { file, delay, firstWorker }: PlacedShare, summary: Summary): void {
  const { run, samples, failures, errors, locust, requests, sessions } = summary;
  if (!samples) throw configError(file, 'it was changed while it was read', 'merge again');
  for (const packed of samples.series) aggregator.enter(numbered(packed, firstWorker), unpackSeries(packed));
  for (const { method, name, history, firstAt, lastAt } of locust.rows) {
    for (const point of history) {
      const at = (point.index + 0.5) * locust.historySeconds * 1000 + delay;
      const ends = { firstAt: firstAt + delay, lastAt: lastAt + delay };
      aggregator.enterRow({ ...point, method, name, ...ends, ttft: NOTHING, tpot: NOTHING }, at);
    }
  }
  for (const lane of sessions?.lanes?.sessions ?? []) aggregator.lanes.add(delayed(lane, delay));
  aggregator.join({
    failures: failures.map((group) => ({ ...group, firstAt: group.firstAt + delay, lastAt: group.lastAt + delay })),
    errors,
    ...{ warnings: samples.warnings, overload: samples.overload },
  });
  aggregator.peakInFlight += requests.concurrency.peakAtMost;
  aggregator.missing.push(...run.missing.map((what) => `share ${run.share?.number}: ${what}`));
}

function delayed({ agents, ...lane }: SessionLane, delay: number): SessionLane {
  return { ...lane, agents: agents.map((agent) => ({ ...agent, from: agent.from + delay, to: agent.to + delay })) };
}

const NOTHING = { count: 0, sum: 0, min: 0, max: 0, values: [], counts: [] };

/** Workers of all machines have numbers of their own. */
function numbered({ metric, kind, contains, tags, phase }: SeriesKey, firstWorker: number): SeriesKey {
  const { worker } = tags;
  const isWorker = metric.startsWith('generator_') && worker !== undefined;
  const own = isWorker ? { ...tags, worker: String(Number(worker) + firstWorker) } : tags;
  return { metric, kind, contains, tags: own, phase };
}

function intervalsOf({ delay, firstWorker }: PlacedShare, { intervals }: Summary): JoinedInterval[] {
  return intervals.flatMap(({ at, seconds, packed }) => {
    if (!packed) return [];
    return [
      { at: (at + seconds / 2) * 1000 + delay, width: seconds * 1000, packed: () => doublesOf(packed), firstWorker },
    ];
  });
}

function doublesOf(text: string): Float64Array<ArrayBuffer> {
  const bytes = Uint8Array.from(Buffer.from(text, 'base64'));
  return new Float64Array(bytes.buffer, 0, Math.floor(bytes.length / 8));
}

function inputsOf(
  aggregator: Aggregator,
  records: Records,
  shares: readonly PlacedShare[],
): Parameters<typeof summarizeWith> {
  const [first] = records;
  const { custom, thresholds, submetrics, hasTokenizer } = first.definitions;
  const scenarios = first.plan.scenarios.map((scenario) => ({ ...scenario, load: { kind: scenario.kind } }));
  const elapsed = Math.max(...shares.map(({ record, delay }) => record.windows.whole.to * 1000 + delay));
  const views = viewsOf(steadyOf(shares), elapsed);
  const results = judge(thresholds, aggregator, custom, views, true);
  const span = (scenario: string, end: 'from' | 'to') => spanOf(shares, scenario, end);
  const cards = records.find(({ gpu }) => gpu)?.gpu;
  const inputs: RecordInputs = {
    plan: {
      ...{ scenarios, thresholds, submetrics },
      vus: records.reduce((sum, { plan }) => sum + plan.maxVus, 0),
      duration: Math.max(...records.map(({ plan }) => plan.seconds)) * 1000,
      options: { tokenizer: hasTokenizer ? '' : undefined },
    },
    timeline: { startOf: (name) => span(name, 'from'), endOf: (name) => span(name, 'to') },
    ...{ aggregator, views, custom, thresholds: results },
    resolved: { targets: [], transport: PLAIN, warnings: [] },
    workers: records.reduce((sum, { environment }) => sum + environment.workers, 0),
    operator: records.flatMap(({ operator = [] }) => operator),
    server: records.find(({ server }) => server)?.server,
    ...(cards && { gpu: cards }),
    datasets: joinedDatasets(records),
    run: runOf(
      aggregator,
      records,
      results.some(({ ok }) => !ok),
    ),
  };
  return [
    inputs,
    {
      intervals: curveOf(aggregator, shares),
      server: inputs.server?.points ?? [],
      gpu: inputs.gpu?.points ?? [],
      lanes: aggregator.lanes.lanes,
      rows: (row) => aggregator.rowHistory.points(row),
    },
  ];
}

/** Steady state of all shares. Empty where none had one. */
function steadyOf(shares: readonly PlacedShare[]): { from: number; to: number } {
  const spans = shares.flatMap(({ record, delay }) => {
    const { steady } = record.windows;
    return steady ? [{ from: steady.from * 1000 + delay, to: steady.to * 1000 + delay }] : [];
  });
  if (spans.length === 0) return { from: 0, to: 0 };
  return { from: Math.min(...spans.map(({ from }) => from)), to: Math.max(...spans.map(({ to }) => to)) };
}

function spanOf(shares: readonly PlacedShare[], name: string, end: 'from' | 'to'): number | undefined {
  const ends = shares.flatMap(({ record, delay }) => {
    const ran = record.plan.scenarios.find((scenario) => scenario.name === name)?.ran;
    return ran ? [ran[end] * 1000 + delay] : [];
  });
  if (ends.length === 0) return undefined;
  return end === 'from' ? Math.min(...ends) : Math.max(...ends);
}

/** Joined intervals, each with the sum of what the shares had planned. */
function curveOf(aggregator: Aggregator, shares: readonly PlacedShare[]): RecordedInterval[] {
  const { width } = aggregator.intervals;
  const planned = new Map<number, { vus: number; rate: number }>();
  for (const { record, delay } of shares) {
    const last = new Map<number, { vus: number; rate: number }>();
    for (const { at, seconds, planned } of record.intervals) {
      last.set(Math.floor(((at + seconds / 2) * 1000 + delay) / width), planned);
    }
    for (const [index, { vus, rate }] of last) {
      const sum = planned.get(index) ?? { vus: 0, rate: 0 };
      planned.set(index, { vus: sum.vus + vus, rate: sum.rate + rate });
    }
  }
  return aggregator.intervals.points().map((point) => {
    return { ...point, planned: planned.get(Math.round((point.at * 1000) / width)) ?? { vus: 0, rate: 0 } };
  });
}

function runOf(aggregator: Aggregator, records: Records, crossed: boolean): RecordInputs['run'] {
  const { scenario, seed, labels, tags } = records[0].run;
  const cut = records.find(({ run }) => run.outcome !== 'completed' || run.reason !== undefined);
  const failed = aggregator.missing.length > 0 ? ExitCode.scriptException : ExitCode.ok;
  return {
    ...{ scenario, seed, labels, tags, missing: aggregator.missing },
    startedAt: records.map(({ run }) => run.startedAt).sort()[0] ?? '',
    outcome: cut?.run.outcome ?? 'completed',
    ...(cut?.run.reason !== undefined && { reason: `share ${cut.run.share?.number}: ${cut.run.reason}` }),
    exitCode: cut ? cut.run.exitCode : crossed ? ExitCode.thresholdsFailed : failed,
  };
}
