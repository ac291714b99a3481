import { FOLLOWED } from '../metrics/delta.js';
import type { MetricSummary } from '../metrics/snapshot.js';

/**
 * Bounds in a record. Undefined where samples may be taken as independent. Latencies without any have none: the run had
 * too few parts to tell how requests depend on one another, and as if independent they would be called different by
 * chance.
 */
export function recordedBounds(name: string, { confidence }: MetricSummary): MetricSummary['confidence'] {
  return confidence ?? (FOLLOWED.some((followed) => name === `llm_${followed}`) ? {} : undefined);
}
