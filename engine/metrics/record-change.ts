import type { ChangedPoints } from './changed-points.js';
import type { GpuPoint } from './gpu-record.js';
import type { RowPoint } from './locust/row-history.js';
import type { ServerPoint } from './server-record.js';
import type { RecordedInterval, Summary } from './snapshot.js';

/** Change of a record since an earlier one. Points over time only where they changed, everything else anew. */
export interface RecordChange {
  /** Record without points over time: their lists are empty. */
  readonly record: Summary;
  readonly intervals: ChangedPoints<RecordedInterval>;
  readonly server: ChangedPoints<ServerPoint>;
  readonly gpu: ChangedPoints<GpuPoint>;
  /** Histories of rows, in Locust's terms. */
  readonly rows: readonly (ChangedPoints<RowPoint> & { readonly method: string; readonly name: string })[];
}
