import type { ChangedPoints } from '../metrics/changed-points.js';
import type { GpuPoint } from '../metrics/gpu-record.js';
import type { RecordChange } from '../metrics/record-change.js';
import type { ServerPoint } from '../metrics/server-record.js';
import { withPlan } from './plan-overlay.js';
import { type Curves, summarizeWith } from './summarize.js';
import type { SummaryInputs } from './summary-inputs.js';

const NO_POINTS: Curves = { intervals: [], server: [], gpu: [], rows: () => [] };

/** Changed points of what was watched beside the load. */
interface Watched {
  readonly server: ChangedPoints<ServerPoint>;
  readonly gpu: ChangedPoints<GpuPoint>;
}

/** Builds the change of a record since the last call, or all. To be called by one reader alone. */
export function summarizeChange(inputs: SummaryInputs, watched: Watched, all: boolean): RecordChange {
  const { intervals, rows, rowHistory } = inputs.aggregator;
  const { anew, points } = intervals.takeChanged(all);
  return {
    record: summarizeWith(inputs, NO_POINTS),
    intervals: { anew, points: withPlan(points, inputs) },
    ...watched,
    rows: rows.all
      .map((row) => ({ method: row.method, name: row.name, ...rowHistory.takeChanged(row, all) }))
      .filter((row) => row.anew || row.points.length > 0),
  };
}
