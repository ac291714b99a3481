import type { RunStart } from '../../engine/metrics/reporter.js';
import type { Snapshot } from '../../engine/metrics/snapshot.js';
import { VERSION } from '../../engine/version.js';
import type { ExportedMetric } from './metric.js';
import { seriesMetrics } from './series-metrics.js';
import { snapshotMetrics } from './snapshot-metrics.js';

/** Labels of a run. Scenario, target, model, version, and its own labels and tags. */
export function runFacts({ scenario, target, labels, tags }: RunStart): Readonly<Record<string, string>> {
  return {
    ...tags,
    ...labels,
    scenario_file: scenario,
    version: VERSION,
    ...(target && { target: target.baseUrl, model: target.model, simulated: String(target.simulated) }),
  };
}

/** All metrics of a run as they stand now. */
export function exportedMetrics(start: RunStart, snapshot: Snapshot | undefined): readonly ExportedMetric[] {
  const started = { labels: {}, value: start.startedAt.getTime() / 1000 };
  return [
    ...seriesMetrics(start.record),
    ...(snapshot ? snapshotMetrics(snapshot) : []),
    { name: 'run_start_time', kind: 'gauge', unit: 's', help: 'start of the load, since 1970', points: [started] },
    {
      ...{ name: 'run_info', kind: 'gauge', unit: '', help: 'facts about the run and its labels' },
      points: [{ labels: runFacts(start), value: 1 }],
    },
  ];
}
