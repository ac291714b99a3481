import type { Line, LineChart } from './chart.js';

/** Chart as the script of a page draws it. Lines share their x values. */
export interface Plotted extends Omit<LineChart, 'lines'> {
  readonly xs: readonly number[];
  readonly lines: readonly (Omit<Line, 'points'> & { readonly values: readonly (number | null)[] })[];
}

/** Prepares a chart for the script of a page. Its lines have equal x values. */
export function plotted({ lines, ...chart }: LineChart): Plotted {
  return {
    ...chart,
    xs: lines[0]?.points.map(({ x }) => x) ?? [],
    lines: lines.map(({ points, ...line }) => ({ ...line, values: points.map(({ y }) => y) })),
  };
}
