import { LLM_FIGURES, type LlmFigure } from '../metrics/catalogue.js';
import type { Recorder } from '../metrics/recorder.js';
import type { Counter, Phase, Tags, Trend } from '../metrics/series.js';

/** Counter of what happens over time, by phase. */
export type PhaseCounters = Readonly<Record<Phase, Counter>>;

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
  #arrived: PhaseCounters | undefined;
  #characters: PhaseCounters | undefined;
  #inFlight: PhaseCounters | undefined;
  readonly #trends: Partial<Record<Phase, RequestTrends>> = {};

  constructor(recorder: Recorder, tags: Tags) {
    this.#recorder = recorder;
    this.#tags = tags;
  }

  get arrived(): PhaseCounters {
    this.#arrived ??= this.#open('flow_output_tokens');
    return this.#arrived;
  }

  get characters(): PhaseCounters {
    this.#characters ??= this.#open('flow_output_characters');
    return this.#characters;
  }

  get inFlight(): PhaseCounters {
    this.#inFlight ??= this.#open('flow_in_flight_ms');
    return this.#inFlight;
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

  #open(metric: 'flow_output_tokens' | 'flow_output_characters' | 'flow_in_flight_ms'): PhaseCounters {
    return {
      steady: this.#recorder.counter(metric, this.#tags, 'steady'),
      outside: this.#recorder.counter(metric, this.#tags, 'outside'),
    };
  }
}
