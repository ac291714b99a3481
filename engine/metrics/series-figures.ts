import type { LiveDelta } from './delta.js';
import { mergeTimes } from './histogram.js';
import type { HistogramDelta } from './histogram-delta.js';
import { byName, type Distributions } from './interval.js';
import type { ReportedKey, SeriesChange } from './series.js';

/** Figures of an interval that come from series. Over all tags and phases. */
export interface SeriesFigures extends Distributions<HistogramDelta> {
  readonly requests: number;
  readonly failed: number;
  /** Iterations that will never start. */
  readonly dropped: number;
  readonly inputTokens: number;
  /** Without corrections of earlier intervals. */
  readonly outputTokens: number;
}

/** Figures of one worker in one interval. */
export type IntervalFigures = LiveDelta & SeriesFigures;

/** Metrics that count in an interval as they come. Others count at the end of their request, as in the totals. */
const LIVE = new Set(['llm_ttft', 'llm_itl']);

/** Sums the changes of a delta's series. */
export class SeriesSum {
  readonly #distributions = new Map<string, HistogramDelta[]>();
  readonly #amounts = new Map<string, number>();

  add({ metric, phase }: ReportedKey, change: SeriesChange): void {
    if (change.kind === 'counter') this.#addAmount(metric, change.sum);
    else if (change.kind === 'rate') this.#addAmount(metric, change.passes);
    else if (change.kind === 'trend' && LIVE.has(metric) === (phase === 'live')) {
      const known = this.#distributions.get(metric);
      if (known) known.push(change.histogram);
      else this.#distributions.set(metric, [change.histogram]);
    }
  }

  /** `late` are corrections of earlier intervals. */
  figures(late: LiveDelta['lateTokens']): SeriesFigures {
    const times = (metric: string) => mergeTimes(this.#distributions.get(metric) ?? []);
    const amount = (metric: string) => this.#amounts.get(metric) ?? 0;
    return {
      latencies: byName((name) => times(`llm_${name}`)),
      loopDelay: times('generator_loop_delay'),
      requests: amount('llm_requests'),
      failed: amount('llm_failed'),
      dropped: amount('dropped_iterations'),
      inputTokens: amount('flow_input_tokens'),
      outputTokens: late.reduce((sum, [, tokens]) => sum - tokens, amount('flow_output_tokens')),
    };
  }

  #addAmount(metric: string, amount: number): void {
    this.#amounts.set(metric, (this.#amounts.get(metric) ?? 0) + amount);
  }
}
