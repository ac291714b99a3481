import type { Comparison } from '../../engine/results/compare/compare.js';
import type { Judged } from '../../engine/results/compare/condition.js';
import { nameOf } from '../../engine/results/compare/differences.js';

/** Comparison as JSON, for other programs. docs/compare.md describes the format. */
export function comparisonJson(
  { runs, rows, alone, warnings, incomparable }: Comparison,
  judged: readonly Judged[],
): string {
  const document = {
    schema: 'tokenswarm/comparison',
    version: 1,
    runs: runs.map(({ file, tool, window, tokens, facts, quality }, index) => {
      return { name: nameOf(index), file, tool, window, tokens, facts, quality: quality?.verdict };
    }),
    rows: rows.map(({ metric, key, values, changes, remarks }) => ({
      metric,
      key,
      values: Object.fromEntries(values.map((value, index) => [nameOf(index), value])),
      changes: Object.fromEntries(changes.map((change, index) => [nameOf(index + 1), change])),
      remarks: Object.fromEntries(remarks.map((remark, index) => [nameOf(index), remark])),
    })),
    alone: alone.map(({ metric, key, values }) => {
      const run = values.findIndex((value) => value !== undefined);
      return { metric, key, run: nameOf(run), value: values[run] };
    }),
    warnings,
    incomparable: Object.fromEntries(incomparable.map((reason, index) => [nameOf(index + 1), reason])),
    conditions: judged.map(({ run, ...condition }) => ({ run: nameOf(run), ...condition })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
