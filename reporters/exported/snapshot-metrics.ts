import type { Snapshot } from '../../engine/metrics/snapshot.js';
import type { ExportedMetric, ExportedUnit, NumberMetric } from './metric.js';

type Points = NumberMetric['points'];

/** Metrics of a snapshot. Users, progress, thresholds, failures, the generator and the servers. */
export function snapshotMetrics(snapshot: Snapshot): readonly ExportedMetric[] {
  return [
    ...load(snapshot),
    ...outcome(snapshot),
    ...generator(snapshot),
    ...server(snapshot),
    ...cards(snapshot),
  ].filter(({ points }) => points.length > 0);
}

function load({ vus, planned, maxVus, inFlight, elapsed, duration }: Snapshot): readonly NumberMetric[] {
  return [
    gauge('vus', '', 'active users', one(vus)),
    gauge('vus_planned', '', 'users that the plan wants now', one(planned)),
    gauge('vus_max', '', 'most users of the plan', one(maxVus)),
    gauge('requests_in_flight', '', 'LLM requests in flight', one(inFlight)),
    gauge('run_elapsed', 'ms', 'time since the load started', one(elapsed)),
    gauge('run_planned', 'ms', 'planned length of the load, without its drain', one(duration)),
  ];
}

function outcome({ thresholds, failures, quality }: Snapshot): readonly NumberMetric[] {
  const verdicts = (['valid', 'suspect', 'invalid'] as const).map((verdict) => {
    return { labels: { verdict }, value: Number(quality.verdict === verdict) };
  });
  const held = thresholds.map(({ metric, source, ok }) => ({
    labels: { metric, condition: source },
    value: Number(ok),
  }));
  return [
    gauge('run_verdict', '', 'quality of the numbers: 1 for the verdict so far, 0 for the others', verdicts),
    gauge('threshold_ok', '', '1 while a threshold holds, 0 while it is crossed', held),
    { ...gauge('failures', '', 'failed requests by kind', failed(failures)), kind: 'counter' },
  ];
}

/** Failures by scenario, name, server, kind and status. Messages are left out. */
function failed(failures: Snapshot['failures']): Points {
  const sums = new Map<string, { readonly labels: Readonly<Record<string, string>>; value: number }>();
  for (const { scenario, name, target, kind, status, count } of failures) {
    const labels = {
      ...{ scenario, name, kind },
      ...(target !== undefined && { target }),
      ...(status !== undefined && { status: String(status) }),
    };
    const text = JSON.stringify(labels);
    const sum = sums.get(text) ?? { labels, value: 0 };
    sum.value += count;
    sums.set(text, sum);
  }
  return [...sums.values()];
}

function generator({ health }: Snapshot): readonly NumberMetric[] {
  const byWorker = (of: (worker: Snapshot['health']['workers'][number]) => number | null) =>
    health.workers.flatMap((each) => {
      const value = of(each);
      return value === null ? [] : [{ labels: { worker: String(each.worker) }, value }];
    });
  const busy = byWorker(({ utilization }) => utilization);
  const delay = byWorker(({ loopDelay }) => loopDelay);
  return [
    gauge('generator_busy', 'ratio', 'busy share of each worker in the last second', busy),
    gauge('generator_loop_delay_p99', 'ms', 'lateness of each worker in the last second, 99th percentile', delay),
    gauge('generator_memory', 'By', 'resident memory of the load generator', one(health.memory)),
  ];
}

function server({ server: state }: Snapshot): readonly NumberMetric[] {
  if (!state) return [];
  const { figures } = state;
  return [
    gauge('server_requests_running', '', 'requests that the servers compute', one(figures?.running)),
    gauge('server_requests_waiting', '', 'requests that wait in the servers', one(figures?.waiting)),
    gauge(
      'server_kv_cache',
      'ratio',
      'used share of the key-value cache, of the fullest engine',
      one(figures?.kvCache),
    ),
    gauge('server_prefix_hits', 'ratio', 'prefix cache hits since the load started', one(state.prefixHitRate)),
    gauge(
      'server_draft_acceptance',
      'ratio',
      'accepted draft tokens since the load started',
      one(state.draftAcceptance),
    ),
    {
      ...gauge('server_preemptions', '', 'preempted requests since the load started', one(state.preemptions)),
      kind: 'counter',
    },
  ];
}

function cards({ gpu }: Snapshot): readonly NumberMetric[] {
  if (!gpu) return [];
  const { point, memoryTotal } = gpu;
  return [
    gauge('gpu_power', 'W', 'power of all cards', one(point?.power)),
    {
      ...gauge('gpu_energy', 'J', 'energy of all cards since their drivers started', one(point?.energy)),
      kind: 'counter',
    },
    gauge('gpu_activity', 'ratio', 'mean activity of the cards', one(point?.activity)),
    gauge('gpu_memory_activity', 'ratio', 'mean activity of the memory of the cards', one(point?.memoryActivity)),
    gauge('gpu_memory_used', 'By', 'used memory of all cards', one(point?.memoryUsed)),
    gauge('gpu_memory_total', 'By', 'memory of all cards', one(memoryTotal)),
    gauge('gpu_clock', 'Hz', 'mean clock of the cards', one(point?.clock == null ? null : point.clock * 1e6)),
    gauge('gpu_temperature', 'Cel', 'temperature of the hottest card', one(point?.temperature)),
    gauge('gpu_throttled', '', 'cards that power or heat slows down', one(point?.throttled)),
  ];
}

function gauge(name: string, unit: ExportedUnit, help: string, points: Points): NumberMetric {
  return { name, kind: 'gauge', unit, help, points };
}

/** Only point of a metric; none where it is not known. */
function one(value: number | null | undefined): Points {
  return value === null || value === undefined ? [] : [{ labels: {}, value }];
}
