import { LLM_FIGURES, type LlmFigure } from '../metrics/catalogue.js';
import type { Recorder } from '../metrics/recorder.js';
import type { Counter, Phase, Tags, Trend } from '../metrics/series.js';

/** Counters of a metric, by phase. */
type PhaseCounters = Readonly<Record<Phase, Counter>>;

type FlowMetric = 'flow_output_tokens' | 'flow_output_characters' | 'flow_in_flight_ms';

/** Distributions of requests with the same tags and phase. */
interface RequestTrends {
  readonly figures: readonly { readonly figure: LlmFigure; readonly trend: Trend }[];
  readonly itl: Trend;
  readonly chunkGap: Trend;
  readonly outputTokens: Trend;
}

/** Series of requests with the same tags. Each is opened when it is needed, for there is a limit. */
export class RequestSeries {
  readonly #recorder: Recorder;
  readonly #tags: Tags;
  readonly #counters = new Map<FlowMetric, PhaseCounters>();
  readonly #trends: Partial<Record<Phase, RequestTrends>> = {};

  constructor(recorder: Recorder, tags: Tags) {
    this.#recorder = recorder;
    this.#tags = tags;
  }

  /** Counters of a metric of what happens over time. */
  counters(metric: FlowMetric): PhaseCounters {
    const known = this.#counters.get(metric);
    if (known) return known;
    const counters = {
      steady: this.#recorder.counter(metric, this.#tags, 'steady'),
      outside: this.#recorder.counter(metric, this.#tags, 'outside'),
    };
    this.#counters.set(metric, counters);
    return counters;
  }

  trends(phase: Phase): RequestTrends {
    const known = this.#trends[phase];
    if (known) return known;
    const trend = (metric: Parameters<Recorder['trend']>[0]) => this.#recorder.trend(metric, this.#tags, phase);
    const trends = {
      figures: LLM_FIGURES.map(({ metric, figure }) => ({ figure, trend: trend(metric) })),
      itl: trend('llm_itl'),
      chunkGap: trend('llm_chunk_gap'),
      outputTokens: trend('llm_output_tokens'),
    };
    this.#trends[phase] = trends;
    return trends;
  }
}
