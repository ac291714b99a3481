import type { ComparedMetric, ComparedRun } from './compared-run.js';

/** Metric pairs of one thing by two rules. One counts from the first output, one from the first chunk. */
const TWINS: readonly (readonly [output: string, chunk: string])[] = [
  ['llm_ttft', 'llm_ttft_chunk'],
  ['llm_tpot', 'llm_tpot_chunk'],
  ['llm_itl', 'llm_chunk_gap'],
];

/**
 * Aligns figures of two rules where no rule is in all runs. A run without the first rule's figure takes part with
 * its other one, which is marked: its values are shown, and not judged.
 */
export function aligned(runs: readonly ComparedRun[]): readonly ComparedRun[] {
  return TWINS.reduce((all, [output, chunk]) => alignedBy(all, output, chunk), runs);
}

function alignedBy(runs: readonly ComparedRun[], output: string, chunk: string): readonly ComparedRun[] {
  const some = runs.filter(({ metrics }) => metrics[output] || metrics[chunk]);
  const isShared = (name: string) => some.every(({ metrics }) => metrics[name]);
  const isSplit = some.some(({ metrics }) => metrics[output]) && !isShared(output) && !isShared(chunk);
  if (!isSplit) return runs;
  return runs.map((run) => {
    const { [output]: own, [chunk]: twin } = run.metrics;
    if (own || !twin) return run;
    const other: ComparedMetric = { ...twin, rule: chunk };
    return { ...run, metrics: { ...run.metrics, [output]: other } };
  });
}
