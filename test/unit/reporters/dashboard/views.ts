import type { Snapshot } from '../../../../engine/metrics/snapshot.js';
import { History } from '../../../../reporters/dashboard/history.js';
import { AT_FIRST } from '../../../../reporters/dashboard/keys.js';
import type { View } from '../../../../reporters/dashboard/view.js';
import { paint } from '../../../../reporters/paint.js';
import { midway } from '../snapshots.js';

const latency = (p50: number) => ({ count: 10, p50, p95: p50 * 1.2, p99: p50 * 1.5 });

/** Snapshots of a run, one a second; some may be missing. */
export function seconds(count: number, missing: (second: number) => boolean = () => false): Snapshot[] {
  return Array.from({ length: count }, (_, at) => {
    const interval = {
      ...midway.interval!,
      ...{ at, seconds: 1, vus: 20, concurrency: 12, requests: 9, outputTokens: 500 + at, inputTokens: 100 },
      ...{ ttft: latency(50), tpot: latency(18), itl: latency(16), e2e: latency(1100) },
    };
    const elapsed = (at + 1) * 1000 + 250;
    return { ...midway, elapsed, interval: missing(at) ? undefined : interval };
  });
}

/** View of a run after 12 seconds, before any key. */
export function viewOf(change: Partial<Snapshot> = {}, more: Partial<View> = {}): View {
  const history = new History();
  for (const snapshot of seconds(12)) history.add(snapshot);
  return {
    snapshot: { ...midway, ...change },
    history,
    choice: AT_FIRST.choice,
    paint: paint(false),
    ascii: false,
    log: [],
    ...more,
  };
}
