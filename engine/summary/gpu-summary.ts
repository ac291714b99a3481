import type { Aggregator } from '../metrics/aggregator.js';
import type { GpuPoint, GpuRecord } from '../metrics/gpu-record.js';
import { gpuUseOf } from '../metrics/gpu-use.js';
import type { View } from '../metrics/values.js';
import type { RecordInputs } from './summary-inputs.js';

/** Record of the cards, with their use in a view. Nothing where they were not watched. */
export function gpuPart(
  gpu: RecordInputs['gpu'],
  aggregator: Aggregator,
  { window, phases }: View,
  points: readonly GpuPoint[],
): { readonly gpu?: GpuRecord } {
  if (!gpu) return {};
  const tokens = aggregator.total('flow_output_tokens', phases);
  return { gpu: { ...gpu, use: gpuUseOf(gpu.points, window, tokens), points } };
}
