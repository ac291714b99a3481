import { openExchange } from '../client/exchange.js';
import { figuresOf } from '../client/request-figures.js';
import type { Aggregator } from '../metrics/aggregator.js';
import { Recorder } from '../metrics/recorder.js';
import type { Phase } from '../metrics/series.js';
import type { ServerPoint, ServerRecord } from '../metrics/server-record.js';
import type { Window } from '../metrics/window.js';
import type { BatchLoad, StepEvent } from '../simulator/index.js';
import { LlmRecorder, type Pending } from '../vu/llm-recorder.js';
import { stepGaps } from './step-gaps.js';
import type { Ask, VirtualRequest, Witness } from './virtual-users.js';

/** Request in virtual time, with its progress by engine step. */
export interface BookedRequest extends VirtualRequest {
  readonly pending: Pending;
  firstAt: number;
  /** First step of the current range with a token in each. */
  since: number;
  /** Earlier ranges of steps, and the longer gaps between them. */
  readonly stretches: (readonly [first: number, last: number])[];
  readonly longGaps: number[];
}

/** Interval of reports, in virtual milliseconds. Long, for runs have many and none is watched live. */
export const REPORT_INTERVAL = 10_000;

/** Settings and dependencies of a virtual recorder. */
export interface BookOptions {
  readonly ledger: Aggregator;
  readonly scenario: string;
  readonly model: string;
  readonly maxVus: number;
  readonly steady: Window;
  /** Think time after an answer, in milliseconds, part of the iteration. */
  readonly think: number;
  /** Current load of the engine. */
  readonly engine: () => BatchLoad;
}

/** Records what virtual users observe in an aggregator, like a worker. */
export interface Book extends Witness<BookedRequest> {
  /** Records the end of the run. */
  close(at: number): void;
  /** Metrics of the engine, as its server would report them. */
  readonly server: ServerRecord;
}

/** Unused: tokens are recorded by whole steps. */
const NOBODY = () => undefined;

/** Index of the only worker. */
const WORKER = 0;

export function openBook({ ledger, scenario, model, maxVus, steady, think, engine }: BookOptions): Book {
  const recorder = new Recorder(WORKER, 0, steady);
  // Gaps are recorded by step, at the end.
  const llm = new LlmRecorder(recorder, { ofReads: NOBODY, ofEvents: NOBODY });
  const tags = { scenario, name: 'chat' };
  const gaps = { steady: stepGaps(), outside: stepGaps() };
  const arrived = {
    steady: recorder.counter('flow_output_tokens', tags, 'steady'),
    outside: recorder.counter('flow_output_tokens', tags, 'outside'),
  };
  const endOf: number[] = [];
  const points: ServerPoint[] = [];
  let reportAt = REPORT_INTERVAL;
  let users = 0;
  let iterations = 0;
  let interrupted = 0;

  function report(at: number, ended = false): void {
    const phase = recorder.phaseAt(at);
    ledger.setGauge('vus', users, phase);
    ledger.setGauge('vus_max', maxVus, phase);
    const progress = { scenario, activeVus: users, initializedVus: maxVus, iterations, interrupted, dropped: 0, ended };
    ledger.apply(recorder.flush(at, [progress]));
    const { running, waiting, cacheUsage, preemptions, prefixQueries, prefixHits, generationTokens } = engine();
    const counts = { preemptions, prefixQueries, prefixHits, generationTokens };
    const drafts = { draftTokens: null, acceptedTokens: null };
    points.push({ at: at / 1000, running, waiting, kvCache: cacheUsage, ...counts, ...drafts });
  }

  function end(request: BookedRequest, at: number, isCut: boolean): void {
    const { sentAt, firstAt, promptTokens, tokens, pending } = request;
    const exchange = openExchange(tags.name, model, sentAt);
    exchange.endedAt = at;
    exchange.censored = isCut;
    if (!isCut) {
      Object.assign(exchange, {
        headersAt: firstAt,
        firstChunkAt: firstAt,
        firstTokenAt: firstAt,
        firstAnswerAt: firstAt,
      });
      exchange.lastTokenAt = at;
      exchange.chunkAt.push(firstAt);
      exchange.chunkTokens.push(1);
      if (tokens > 1) {
        exchange.chunkAt.push(at);
        exchange.chunkTokens.push(tokens - 1);
      }
      exchange.usage = { inputTokens: promptTokens, outputTokens: tokens };
      Object.assign(exchange, { status: 200, finishReason: 'length', done: true });
    }
    llm.end(pending, exchange);
    llm.settle(pending, exchange, figuresOf(exchange), undefined);
    const phase = recorder.phaseAt(sentAt);
    if (isCut) {
      interrupted += 1;
      recorder.counter('interrupted_iterations', { scenario }, phase).add(1);
      return;
    }
    iterations += 1;
    recorder.counter('iterations', { scenario }, phase).add(1);
    recorder.trend('iteration_duration', { scenario }, phase).add(at + think - sentAt);
    enterGaps(request, phase);
  }

  function enterGaps({ stretches, since, longGaps }: BookedRequest, phase: Phase): void {
    for (const [first, last] of stretches) gaps[phase].cover(first, last);
    gaps[phase].cover(since, endOf.length - 1);
    for (const gap of longGaps) recordGaps(phase, gap, 1);
  }

  function recordGaps(phase: Phase, gap: number, times: number): void {
    recorder.trend('llm_itl', tags, phase).add(gap, times);
    recorder.trend('llm_chunk_gap', tags, phase).add(gap, times);
  }

  return {
    reach(at, active) {
      for (; reportAt <= at; reportAt += REPORT_INTERVAL) report(reportAt);
      users = active;
    },
    begin({ promptTokens, tokens, promptBlocks }: Ask, vu, at) {
      recorder.live.requestStarted(at);
      const pending = { tags, onOutput: NOBODY };
      return {
        promptTokens,
        tokens,
        promptBlocks,
        vu,
        sentAt: at,
        pending,
        firstAt: 0,
        since: 0,
        stretches: [],
        longGaps: [],
      };
    },
    step({ at, tokens, first, last, resumed }: StepEvent<BookedRequest>) {
      const { live } = recorder;
      const step = endOf.length;
      const before = endOf.at(-1) ?? at;
      endOf.push(at);
      live.outputTokens += tokens;
      arrived[recorder.phaseAt(at)].add(tokens);
      for (const request of first) {
        request.firstAt = at;
        request.since = step;
        live.latencies.ttft.record(at - request.sentAt);
      }
      for (const { sequence, after } of resumed) {
        const gap = at - (endOf[after] ?? at);
        sequence.stretches.push([sequence.since, after]);
        sequence.longGaps.push(gap);
        sequence.since = step;
        live.latencies.itl.record(gap);
      }
      const others = tokens - first.length - resumed.length;
      if (others > 0) live.latencies.itl.record(at - before, others);
      for (const request of last) end(request, at, false);
    },
    cut: (request, at) => end(request, at, true),
    close(at) {
      for (const phase of ['steady', 'outside'] as const) {
        gaps[phase].each(endOf, (gap, times) => recordGaps(phase, gap, times));
      }
      users = 0;
      report(at, true);
    },
    get server() {
      const { preemptions, prefixQueries, prefixHits } = engine();
      return {
        metricsUrl: 'none: in virtual time there is no server',
        version: null,
        cacheConfig: null,
        preemptions,
        prefixHitRate: prefixQueries > 0 ? prefixHits / prefixQueries : null,
        draftAcceptance: null,
        points,
      };
    },
  };
}
