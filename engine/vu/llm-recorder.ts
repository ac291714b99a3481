import { charactersOf, type Exchange } from '../client/exchange.js';
import { isSilent } from '../client/judge-answer.js';
import type { OutputListener } from '../client/request-context.js';
import { eachChunkGap, eachGap, type Figures } from '../client/request-figures.js';
import { type Recorder, SERIES_LIMIT } from '../metrics/recorder.js';
import type { Phase, Tags } from '../metrics/series.js';
import { overlap } from '../metrics/window.js';
import { ArrivedTokens } from './arrived-tokens.js';
import { shareWithin } from './characters.js';
import { LiveGaps } from './live-gaps.js';
import { RequestSeries } from './request-series.js';
import { hasOutput, noteTokenSource } from './token-source.js';

/** HTTP method of all protocols. */
const METHOD = 'POST';

/** Request in flight. */
export interface Pending {
  readonly tags: Tags;
  /** Callback for each output event as it arrives. */
  readonly onOutput: OutputListener;
  /** Live counts of tokens and gaps; undefined where they are recorded elsewhere. */
  readonly heard?: { readonly tokens: ArrivedTokens; readonly gaps: LiveGaps };
}

/** Visitors of the gaps between reads and between events. */
export interface GapVisitors {
  readonly ofReads: typeof eachGap;
  readonly ofEvents: typeof eachChunkGap;
}

const ALL_GAPS: GapVisitors = { ofReads: eachGap, ofEvents: eachChunkGap };

/** Records exchanges: live figures as events arrive, others at the end. */
export class LlmRecorder {
  readonly recorder: Recorder;
  readonly #gaps: GapVisitors;
  readonly #series = new Map<string, RequestSeries>();

  /** `gaps` visits the gaps to record: all, unless they are recorded elsewhere. */
  constructor(recorder: Recorder, gaps: GapVisitors = ALL_GAPS) {
    this.recorder = recorder;
    this.#gaps = gaps;
  }

  /** Starts recording a request. */
  begin(tags: Tags, now: number): Pending {
    const recorder = this.recorder;
    const { live } = recorder;
    live.requestStarted(now);
    const tokens = new ArrivedTokens(recorder, this.#of(tags).counters('flow_output_tokens'));
    const gaps = new LiveGaps(live.latencies.itl);
    const onOutput: OutputListener = ({ sentAt, chunkAt, chunkTokens }, index) => {
      const at = chunkAt[index] ?? 0;
      const now = chunkTokens[index] ?? 0;
      tokens.record(at, now);
      gaps.record(at, now);
      if (index === 0) live.latencies.ttft.record(at - sentAt);
    };
    return { tags, onOutput, heard: { tokens, gaps } };
  }

  /** Removes a request that was never sent. */
  forget(now: number): void {
    this.recorder.live.requestEnded(now);
  }

  /** Records a finished request, except what depends on its final token count. */
  end({ tags, heard }: Pending, exchange: Exchange): void {
    const recorder = this.recorder;
    heard?.gaps.close();
    const endedAt = exchange.endedAt ?? exchange.sentAt;
    recorder.live.requestEnded(endedAt);
    const phase = recorder.phaseAt(exchange.sentAt);
    this.#recordTransfer(exchange, endedAt, tags, phase);
    this.#recordCharacters(exchange, endedAt, tags);
    if (exchange.censored) {
      recorder.counter('llm_censored', tags, phase).add(1);
      return;
    }
    const { failure } = exchange;
    recorder.counter('llm_requests', tags, phase).add(1);
    recorder.rate('llm_failed', tags, phase).add(failure !== undefined);
    if (!failure) recorder.counter('flow_requests', tags, recorder.phaseAt(endedAt)).add(1);
    if (!failure && isSilent(exchange)) recorder.counter('llm_without_output', tags, phase).add(1);
    if (failure) {
      const { kind, message, status } = failure;
      const { scenario = '', name = '', target } = tags;
      const at = target === undefined ? {} : { target };
      recorder.failure({ scenario, method: METHOD, name, ...at, kind, status, message }, endedAt);
    }
  }

  /** Records the rest once the tokens are known. `good` is true where it met its SLO, undefined without one. */
  settle(pending: Pending, exchange: Exchange, figures: Figures, good: boolean | undefined): void {
    const endedAt = exchange.endedAt ?? exchange.sentAt;
    pending.heard?.tokens.correct(exchange, figures.outputTokens, endedAt);
    if (exchange.censored) return;
    const recorder = this.recorder;
    const { tags } = pending;
    const phase = recorder.phaseAt(exchange.sentAt);
    if (good !== undefined) recorder.rate('llm_good', tags, phase).add(good);
    this.#recordTokens(exchange, figures, tags, endedAt);
    this.#recordLatencies(exchange, figures, exchange.failure ? { ...tags, failed: 'true' } : tags, phase);
    if (recorder.rows) this.#recordRow(exchange, figures, tags, endedAt);
  }

  #recordLatencies(exchange: Exchange, figures: Figures, tags: Tags, phase: Phase): void {
    const series = this.#of(tags).trends(phase);
    for (const { figure, trend } of series.figures) {
      const value = figures[figure];
      if (value !== undefined) trend.add(value);
    }
    if (hasOutput(exchange, figures)) series.outputTokens.add(figures.outputTokens);
    this.#gaps.ofReads(exchange, (gap, tokens) => series.itl.add(gap / tokens, tokens));
    this.#gaps.ofEvents(exchange, (gap) => series.chunkGap.add(gap));
  }

  #recordRow(exchange: Exchange, figures: Figures, { name = '' }: Tags, endedAt: number): void {
    const { sentAt, bodyBytes: bytes, failure } = exchange;
    const failed = failure !== undefined;
    const { outputTokens } = figures;
    const ttft = failed ? undefined : figures.ttft;
    const tpot = failed ? undefined : figures.tpot;
    const request = { method: METHOD, name, failed, time: endedAt - sentAt, bytes, ttft, tpot, outputTokens };
    this.recorder.request(request, endedAt);
  }

  #recordTokens(exchange: Exchange, figures: Figures, tags: Tags, endedAt: number): void {
    const recorder = this.recorder;
    const phase = recorder.phaseAt(endedAt);
    const { inputTokens } = figures;
    if (inputTokens) {
      recorder.counter('flow_input_tokens', tags, phase).add(inputTokens);
      const cached = exchange.usage?.cachedTokens;
      // A share of what the request asked, and so of the window in which it began.
      const began = recorder.phaseAt(exchange.sentAt);
      if (cached !== undefined) recorder.rate('llm_cache_hit', tags, began).addShare(cached, inputTokens);
    }
    noteTokenSource(recorder, exchange, figures, phase);
  }

  #recordTransfer(exchange: Exchange, endedAt: number, tags: Tags, phase: Phase): void {
    const recorder = this.recorder;
    const all = recorder.tagsOf(tags.scenario ?? '');
    recorder.counter('data_sent', all, phase).add(exchange.bytesSent);
    recorder.counter('data_received', all, phase).add(exchange.bytesReceived);
    if (exchange.reconnected) recorder.counter('llm_reconnects', tags, phase).add(1);
    const from = recorder.since(exchange.sentAt);
    const to = recorder.since(endedAt);
    const steady = overlap(recorder.steady, from, to);
    const inFlight = this.#of(tags).counters('flow_in_flight_ms');
    inFlight.steady.add(steady);
    inFlight.outside.add(to - from - steady);
  }

  /**
   * Records an answer's characters by phase. They are spread over its events evenly, for their share of each event is
   * not kept.
   */
  #recordCharacters(exchange: Exchange, endedAt: number, tags: Tags): void {
    const characters = charactersOf(exchange);
    if (characters === 0) return;
    const recorder = this.recorder;
    const startAt = -recorder.since(0);
    const { from, to } = recorder.steady;
    const { chunkAt } = exchange;
    const instants = chunkAt.length > 0 ? chunkAt : [endedAt];
    const steady = Math.round(characters * shareWithin(instants, startAt + from, startAt + to));
    const arrived = this.#of(tags).counters('flow_output_characters');
    arrived.steady.add(steady);
    arrived.outside.add(characters - steady);
  }

  #of(tags: Tags): RequestSeries {
    const key = this.recorder.textOf(tags);
    const known = this.#series.get(key);
    if (known) return known;
    const series = new RequestSeries(this.recorder, tags);
    // Beyond the limit series are shared, and their keys would only cost memory.
    if (this.#series.size < SERIES_LIMIT) this.#series.set(key, series);
    return series;
  }
}
