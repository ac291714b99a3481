import type { Aggregator } from '../metrics/aggregator.js';
import type { SessionRecord, SessionsSoFar } from '../metrics/session-record.js';
import type { Summary } from '../metrics/snapshot.js';
import type { View } from '../metrics/values.js';

/** Facts of a run that session figures are divided by. */
type Deployed = Pick<Summary, 'metrics' | 'target'> & { readonly labels: Summary['run']['labels'] };

/** Sessions of a run. Undefined where none began. */
export function sessionRecord(
  aggregator: Aggregator,
  { phases }: View,
  { metrics, target, labels }: Deployed,
): SessionRecord | undefined {
  const total = (metric: string) => aggregator.total(metric, phases);
  const started = total('flow_session_starts');
  if (started === 0) return undefined;
  const failures = aggregator.merged('llm_session_failed', phases);
  const perHour = metrics.llm_sessions_per_hour?.values.value ?? 0;
  const gap = metrics.llm_itl?.values['p(90)'];
  const tokens = metrics.llm_output_tokens_per_second?.values.value ?? 0;
  const accelerators = acceleratorsOf(labels, target);
  const price = Number(labels.price);
  return {
    started,
    ended: total('llm_sessions'),
    failed: failures?.kind === 'rate' ? failures.passes : 0,
    ...unfinishedIn(aggregator.merged('llm_session_censored', phases)),
    overflows: total('llm_context_overflows'),
    overflowShare: total('llm_context_overflows') / Math.max(1, total('llm_requests')),
    perHour,
    ...(gap && { interactivity: 1000 / gap }),
    ...(accelerators && {
      accelerators,
      perHourPerAccelerator: perHour / accelerators,
      outputTokensPerSecondPerAccelerator: tokens / accelerators,
      ...(price > 0 && perHour > 0 && { costPerSession: (accelerators * price) / perHour }),
    }),
  };
}

/** Sessions that were cut off, and the age of the oldest. */
function unfinishedIn(ages: ReturnType<Aggregator['merged']>): Pick<SessionRecord, 'unfinished' | 'oldest'> {
  if (ages?.kind !== 'trend' || ages.histogram.count === 0) return { unfinished: 0 };
  return { unfinished: ages.histogram.count, oldest: ages.histogram.max };
}

/** Sessions of a run so far. Undefined where none began. */
export function sessionsSoFar(aggregator: Aggregator, { phases }: View): SessionsSoFar | undefined {
  if (!aggregator.merged('flow_session_starts', phases) && !aggregator.merged('llm_session_joined', phases)) {
    return undefined;
  }
  const failures = aggregator.merged('llm_session_failed', phases);
  const depth = aggregator.merged('llm_depth', phases);
  return {
    live: Math.max(0, aggregator.total('flow_live_sessions', phases)),
    ended: aggregator.total('llm_sessions', phases),
    failed: failures?.kind === 'rate' ? failures.passes : 0,
    depth: depth?.kind === 'trend' ? depth.histogram.percentile(50) : undefined,
  };
}

/** Accelerators of all servers. Undefined where neither a label nor a simulated card tells. */
function acceleratorsOf(labels: Summary['run']['labels'], target: Summary['target']): number | undefined {
  const simulated = target?.simulates?.tensorParallel;
  if (labels.gpu === undefined && labels.tp === undefined && simulated === undefined) return undefined;
  const each = Number(labels.tp ?? simulated ?? 1);
  const all = each * Number(labels.replicas ?? target?.baseUrls?.length ?? 1);
  return all > 0 ? all : undefined;
}
