import { DEFAULT_EFFICIENCY } from '../../hardware/index.js';
import { isBeyond, labelledDeployment, modelFigures } from '../group/model-figures.js';
import type { Setting } from '../group/setting.js';
import type { RunRecord } from '../recorded-run.js';

/** What keeps a deployment from more. */
export type Limit = 'KV memory' | 'queue' | 'compute' | 'bandwidth' | 'other' | 'unknown';

/** What limits a setting, and what speaks for it. */
export interface Limitation {
  readonly limit: Limit;
  readonly evidence: readonly string[];
}

/** A cache is full from this share on: a server keeps some blocks free. */
const FULL = 0.95;

/** So many requests that wait for each one that is computed are a queue. */
const QUEUE = 0.1;

/** A card is what limits where reading and computing, each at the speed that is reached at best, take this share of the time. */
const AT_WORK = 0.5;

/**
 * What limits a setting: a full KV cache by the server's own word; else a queue; else what takes more of the time, reading at the
 * bandwidth or computing at the peak, of which MBU and MFU tell beside the shares that real servers reach. `other` where both together
 * take less than half of it.
 */
export function limitationOf(setting: Setting): Limitation {
  const { record } = setting.runs[0]!;
  const server = serverOf(record);
  const deployment = labelledDeployment(record);
  const model = 'unknown' in deployment ? undefined : modelFigures(setting, deployment);
  const evidence = [
    ...(server?.evidence ?? []),
    ...(model ? [`MBU ${percent(model.mbu)}, MFU ${percent(model.mfu)}`] : []),
    ...(model && isBeyond(model) ? ['which no such card can do: the labels cannot be right'] : []),
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

/** What a server told of itself in the steady state; undefined where it did not. */
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
    `${waiting.toFixed(1)} requests waited beside ${running.toFixed(1)} that were computed`,
    `KV cache up to ${percent(kvCache)} full`,
    ...(preemptions > 0 ? [`${preemptions} preemptions`] : []),
  ];
  return { running, waiting, kvCache, preemptions, evidence };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)}%`;
}
