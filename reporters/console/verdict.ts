import type { Summary } from '../../engine/metrics/snapshot.js';
import { stateOf } from '../../engine/metrics/thresholds.js';
import { safeText } from '../terminal-text.js';
import { type Page, paragraph } from './section.js';

/** Ending, thresholds, quality of the numbers and missing parts, in words. */
export function verdict(page: Page): readonly string[] {
  const { summary, paint } = page;
  const { mark, color } = {
    good: { mark: '✓', color: paint.green },
    doubtful: { mark: '!', color: paint.yellow },
    bad: { mark: '✗', color: paint.red },
  }[levelOf(summary)];
  return [
    ...paragraph(page, mark, verdictText(summary), '  ').map((line) => color(paint.bold(line))),
    ...summary.run.missing.flatMap((part) =>
      paragraph(page, 'missing:', safeText(part)).map((line) => paint.yellow(line)),
    ),
  ];
}

/** Quality verdict in one sentence. */
export function verdictText(summary: Summary): string {
  const said = [outcomeText(summary), thresholdText(summary), `the numbers are ${summary.quality.verdict}`];
  return capitalised(said.filter((part) => part !== '').join('; '));
}

/** Level of the verdict. */
export function levelOf({ run, thresholds, quality }: Summary): 'good' | 'doubtful' | 'bad' {
  const crossed = thresholds.some((threshold) => !threshold.ok);
  const goneWell = run.outcome === 'completed' || run.outcome === 'running';
  const failed = goneWell ? run.reason !== undefined : run.outcome !== 'interrupted';
  if (crossed || failed || quality.verdict === 'invalid') return 'bad';
  const whole = run.outcome === 'completed' && run.missing.length === 0;
  return whole && quality.verdict === 'valid' ? 'good' : 'doubtful';
}

function outcomeText({ run }: Summary): string {
  if (run.outcome === 'running') return 'still running';
  if (run.outcome === 'completed') return run.reason === undefined ? '' : `marked as failed: ${safeText(run.reason)}`;
  return run.reason === undefined ? run.outcome : `${run.outcome}: ${safeText(run.reason)}`;
}

function thresholdText({ thresholds }: Summary): string {
  const all = thresholds.length;
  const states = thresholds.map(stateOf);
  const countOf = (state: (typeof states)[number]) => states.filter((each) => each === state).length;
  const [crossed, unmeasured, empty] = [countOf('crossed'), countOf('unmeasured'), countOf('empty')];
  if (all === 0) return 'no thresholds set';
  if (crossed + unmeasured > 0) {
    const over = all === 1 ? 'the threshold failed' : `${crossed} of ${all} thresholds failed`;
    const without = all === 1 ? 'the threshold had no samples' : `${unmeasured} of ${all} thresholds had no samples`;
    return [...(crossed > 0 ? [over] : []), ...(unmeasured > 0 ? [without] : [])].join(', ');
  }
  const passed = all === 1 ? 'the threshold passed' : `${all === 2 ? 'both' : `all ${all}`} thresholds passed`;
  return empty === 0 ? passed : `${passed} (${empty} without samples)`;
}

function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
