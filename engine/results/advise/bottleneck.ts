import { DEFAULT_EFFICIENCY } from '../../hardware/index.js';
import { isBeyond, labelledDeployment, modelFigures } from '../group/model-figures.js';
import type { Setting } from '../group/setting.js';
import type { RunRecord } from '../recorded-run.js';

/** Resource that limits a deployment. */
export type Limit = 'KV memory' | 'queue' | 'compute' | 'bandwidth' | 'other' | 'unknown';

/** Bottleneck of a setting, with its evidence. */
export interface Bottleneck {
  readonly limit: Limit;
  readonly evidence: readonly string[];
}

/** Share from which a KV cache counts as full. A server keeps some blocks free. */
const FULL = 0.95;

/** Waiting requests per running one that count as a queue. */
const QUEUE = 0.1;

/** Least share of the time for reading or computing as the bottleneck. Measured at the best achievable speed. */
const AT_WORK = 0.5;

/**
 * Bottleneck of a setting, from the server's metrics, MBU and MFU. A full KV cache comes first, then a queue, then
 * bandwidth or compute: the one that takes more of the time, relative to the shares that real servers reach. `other` if
 * both together take less than half of it.
 */
export function bottleneckOf(setting: Setting): Bottleneck {
  const { record } = setting.runs[0]!;
  const server = serverOf(record);
  const deployment = labelledDeployment(record);
  const model = 'unknown' in deployment ? undefined : modelFigures(setting, deployment);
  const evidence = [
    ...(server?.evidence ?? []),
    ...(model ? [`MBU ${percent(model.mbu)}, MFU ${percent(model.mfu)}`] : []),
    ...(model && isBeyond(model) ? ['beyond what such a card can do: the labels must be wrong'] : []),
  ];
  return { limit: decide(server, model && !isBeyond(model) ? model : undefined), evidence };
}

function decide(server: ReturnType<typeof serverOf>, model: { mbu: number; mfu: number } | undefined): Limit {
  if (server && (server.preemptions > 0 || server.kvCache >= FULL)) return 'KV memory';
  if (server && server.waiting >= Math.max(1, QUEUE * server.running)) return 'queue';
  if (!model) return 'unknown';
  const { mbu, mfu } = model;
  const [bandwidth, compute] = [mbu / DEFAULT_EFFICIENCY.memoryBandwidth, mfu / DEFAULT_EFFICIENCY.compute];
  if (bandwidth + compute < AT_WORK) return 'other';
  return bandwidth >= compute ? 'bandwidth' : 'compute';
}

/** Server metrics of the steady state; undefined if not recorded. */
function serverOf({ server, windows }: RunRecord) {
  const { from, to } = windows.steady ?? windows.whole;
  const points = (server?.points ?? []).filter(({ at }) => from <= at && at <= to);
  if (!server || points.length === 0) return undefined;
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const running = mean(points.map((point) => point.running));
  const waiting = mean(points.map((point) => point.waiting));
  const kvCache = Math.max(...points.map((point) => point.kvCache ?? 0));
  const preemptions = server.preemptions ?? 0;
  const evidence = [
    `${waiting.toFixed(1)} requests waited while ${running.toFixed(1)} were running`,
    `KV cache up to ${percent(kvCache)} full`,
    ...(preemptions > 0 ? [`${preemptions} preemptions`] : []),
  ];
  return { running, waiting, kvCache, preemptions, evidence };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}
