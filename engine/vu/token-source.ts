import type { Exchange } from '../client/exchange.js';
import { type Figures, isOnePiece } from '../client/request-figures.js';
import type { Recorder } from '../metrics/recorder.js';
import type { Phase, Tags } from '../metrics/series.js';

const NO_TAGS: Tags = {};

/** Minimum tokens of an answer that was held back for certain. */
const CERTAIN = 10;

/** Records the source of a request's token counts. Adds doubts and streams in one piece. */
export function noteTokenSource(recorder: Recorder, exchange: Exchange, figures: Figures, phase: Phase): void {
  const { doubt, inputDoubt, counted, failure, simulated, streamed, chunkAt } = exchange;
  if (hasOutput(exchange, figures)) recorder.counter(countedBy(exchange), NO_TAGS, phase).add(1);
  const by = counted === undefined ? 'events' : 'tokenizer';
  if (doubt) recorder.counter('flow_disbelieved', { reason: doubt, by }, phase).add(1);
  if (inputDoubt) recorder.counter('flow_disbelieved_input', NO_TAGS, phase).add(1);
  if (simulated) recorder.counter('flow_simulated', NO_TAGS, phase).add(1);
  if (!streamed || failure || chunkAt.length === 0) return;
  recorder.counter('flow_streams', NO_TAGS, phase).add(1);
  if (!isOnePiece(exchange)) return;
  recorder.counter('flow_one_piece', NO_TAGS, phase).add(1);
  if (figures.outputTokens >= CERTAIN) recorder.counter('flow_held_back', NO_TAGS, phase).add(1);
}

/** True where there are output tokens. Embeddings have none, and an answer in one piece has them by usage alone. */
export function hasOutput({ chunkAt, usage, vectors }: Exchange, { outputTokens }: Figures): boolean {
  return chunkAt.length > 0 || outputTokens > 0 || (usage?.outputTokens === 0 && !vectors);
}

/** Counter of the source of an answer's token count. */
function countedBy({ usage, counted }: Exchange) {
  if (usage?.outputTokens !== undefined) return 'flow_counted_by_usage';
  return counted === undefined ? 'flow_counted_by_events' : 'flow_counted_by_tokenizer';
}
