import type { Recorder } from '../metrics/recorder.js';
import type { Phase, Tags } from '../metrics/series.js';

/** Series of requests with the same tags and phase. */
export type RequestSeries = ReturnType<typeof openSeries>;

/** Opens the series of requests with these tags in a phase. */
export function openSeries(recorder: Recorder, tags: Tags, phase: Phase) {
  return {
    ttft: recorder.trend('llm_ttft', tags, phase),
    ttftChunk: recorder.trend('llm_ttft_chunk', tags, phase),
    ttftAnswer: recorder.trend('llm_ttft_answer', tags, phase),
    ttftScheduled: recorder.trend('llm_ttft_scheduled', tags, phase),
    tpot: recorder.trend('llm_tpot', tags, phase),
    tpotChunk: recorder.trend('llm_tpot_chunk', tags, phase),
    itl: recorder.trend('llm_itl', tags, phase),
    chunkGap: recorder.trend('llm_chunk_gap', tags, phase),
    e2e: recorder.trend('llm_e2e', tags, phase),
    e2eScheduled: recorder.trend('llm_e2e_scheduled', tags, phase),
    queue: recorder.trend('llm_queue', tags, phase),
    inputTokens: recorder.trend('llm_input_tokens', tags, phase),
    outputTokens: recorder.trend('llm_output_tokens', tags, phase),
    userSpeed: recorder.trend('llm_user_tokens_per_second', tags, phase),
  };
}
