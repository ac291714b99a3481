import { LLM_FIGURES, type LlmFigure } from '../metrics/catalogue.js';
import type { Recorder } from '../metrics/recorder.js';
import type { Phase, Tags, Trend } from '../metrics/series.js';

/** Series of requests with the same tags and phase. */
export interface RequestSeries {
  readonly figures: readonly { readonly figure: LlmFigure; readonly trend: Trend }[];
  readonly itl: Trend;
  readonly chunkGap: Trend;
  readonly outputTokens: Trend;
}

/** Opens the series of requests with these tags in a phase. */
export function openSeries(recorder: Recorder, tags: Tags, phase: Phase): RequestSeries {
  return {
    figures: LLM_FIGURES.map(({ metric, figure }) => ({ figure, trend: recorder.trend(metric, tags, phase) })),
    itl: recorder.trend('llm_itl', tags, phase),
    chunkGap: recorder.trend('llm_chunk_gap', tags, phase),
    outputTokens: recorder.trend('llm_output_tokens', tags, phase),
  };
}
