import { figuresOf } from '../client/request-figures.js';
import type { Aggregator } from '../metrics/aggregator.js';
import { Recorder } from '../metrics/recorder.js';
import type { Counter, Phase, Tags } from '../metrics/series.js';
import type { ServerPoint, ServerRecord } from '../metrics/server-record.js';
import type { Window } from '../metrics/window.js';
import type { BatchLoad, StepEvent } from '../simulator/index.js';
import { LlmRecorder, type Pending } from '../vu/llm-recorder.js';
import { type StepGaps, stepGaps } from './step-gaps.js';
import { virtualExchange } from './virtual-exchange.js';
import type { Ask, Observer, VirtualRequest } from './virtual-users.js';

/** Request in virtual time, with its progress by engine step. */
export interface RecordedRequest extends VirtualRequest {
  readonly pending: Pending;
  firstAt: number;
  /** Process of the front-end that it belongs to. */
  lane: number;
  /** First step of the current range with a token in each. */
  since: number;
  /** Earlier ranges of steps, and the longer gaps between them. */
  readonly stretches: (readonly [first: number, last: number])[];
  readonly longGaps: number[];
}

/** Interval of reports, in virtual milliseconds. Long, for runs have many and none is watched live. */
export const REPORT_INTERVAL = 10_000;

/** Settings and dependencies of a virtual recorder. */
export interface VirtualRecorderOptions {
  readonly aggregator: Aggregator;
  readonly scenario: string;
  readonly model: string;
  readonly maxVus: number;
  readonly steady: Window;
  /** Think time after an answer, in milliseconds, part of the iteration. */
  readonly think: number;
  /** Current load of the engine. */
  readonly engine: () => BatchLoad;
}

/** Steps as one process of the front-end sends them. */
interface Lane {
  /** Instant of each step. */
  readonly endOf: number[];
  readonly gaps: Readonly<Record<Phase, StepGaps>>;
}

/** Unused: tokens are recorded by whole steps. */
const IGNORE = () => undefined;

/** Index of the only worker. */
const WORKER = 0;

const PHASES = ['steady', 'outside'] as const;

/** Recorder of virtual requests. It fills an aggregator as a worker does. */
export class VirtualRecorder implements Observer<RecordedRequest> {
  readonly #options: VirtualRecorderOptions;
  readonly #recorder: Recorder;
  readonly #llm: LlmRecorder;
  readonly #tags: Tags & { readonly name: string };
  readonly #lanes: Lane[] = [];
  readonly #arrived: Readonly<Record<Phase, Counter>>;
  readonly #points: ServerPoint[] = [];
  #reportAt = REPORT_INTERVAL;
  #users = 0;
  #iterations = 0;
  #interrupted = 0;

  constructor(options: VirtualRecorderOptions) {
    const { scenario, steady } = options;
    const recorder = new Recorder(WORKER, 0, steady);
    const tags = { scenario, name: 'chat' };
    this.#options = options;
    this.#recorder = recorder;
    // Gaps are recorded by step, at the end.
    this.#llm = new LlmRecorder(recorder, { ofReads: IGNORE, ofEvents: IGNORE });
    this.#tags = tags;
    this.#arrived = {
      steady: recorder.counter('flow_output_tokens', tags, 'steady'),
      outside: recorder.counter('flow_output_tokens', tags, 'outside'),
    };
  }

  /** Metrics of the engine, as its server would report them. */
  get server(): ServerRecord {
    const { preemptions, prefixQueries, prefixHits } = this.#options.engine();
    return {
      metricsUrl: 'none: in virtual time there is no server',
      version: null,
      cacheConfig: null,
      preemptions,
      prefixHitRate: prefixQueries > 0 ? prefixHits / prefixQueries : null,
      draftAcceptance: null,
      points: this.#points,
    };
  }

  reach(at: number, active: number): void {
    for (; this.#reportAt <= at; this.#reportAt += REPORT_INTERVAL) this.#report(this.#reportAt);
    this.#users = active;
  }

  begin(ask: Ask, vu: number, at: number): RecordedRequest {
    const { promptTokens, tokens, promptBlocks } = ask;
    this.#recorder.live.requestStarted(at);
    const pending = { tags: this.#tags, onOutput: IGNORE };
    const progress = { firstAt: 0, lane: 0, since: 0, stretches: [], longGaps: [] };
    return { promptTokens, tokens, promptBlocks, vu, sentAt: at, pending, ...progress };
  }

  step({ at, tokens, first, last, resumed, lane = 0 }: StepEvent<RecordedRequest>): void {
    const { live } = this.#recorder;
    const { endOf } = this.#laneAt(lane);
    const step = endOf.length;
    const before = endOf.at(-1) ?? at;
    endOf.push(at);
    this.#arrived[this.#recorder.phaseAt(at)].add(tokens);
    for (const request of first) {
      request.firstAt = at;
      request.lane = lane;
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
    for (const request of last) this.#end(request, at, false);
  }

  cut(request: RecordedRequest, at: number): void {
    this.#end(request, at, true);
  }

  /** Records the end of the run. */
  close(at: number): void {
    for (const { endOf, gaps } of this.#lanes) {
      for (const phase of PHASES) gaps[phase].each(endOf, (gap, times) => this.#recordGaps(phase, gap, times));
    }
    this.#users = 0;
    this.#report(at, true);
  }

  #report(at: number, ended = false): void {
    const { aggregator, maxVus, scenario, engine } = this.#options;
    const phase = this.#recorder.phaseAt(at);
    aggregator.setGauge('vus', this.#users, phase);
    aggregator.setGauge('vus_max', maxVus, phase);
    const done = { iterations: this.#iterations, interrupted: this.#interrupted, dropped: 0, ended };
    const progress = { scenario, activeVus: this.#users, initializedVus: maxVus, ...done };
    aggregator.apply(this.#recorder.flush(at, [progress]));
    const { running, waiting, cacheUsage, preemptions, prefixQueries, prefixHits, generationTokens } = engine();
    const counts = { preemptions, prefixQueries, prefixHits, generationTokens };
    const drafts = { draftTokens: null, acceptedTokens: null };
    this.#points.push({ at: at / 1000, running, waiting, kvCache: cacheUsage, ...counts, ...drafts });
  }

  #end(request: RecordedRequest, at: number, isCut: boolean): void {
    const { model, scenario, think } = this.#options;
    const { sentAt, firstAt, pending } = request;
    const recorder = this.#recorder;
    const exchange = virtualExchange(request, { at, firstAt, isCut }, this.#tags.name, model);
    this.#llm.end(pending, exchange);
    this.#llm.settle(pending, exchange, figuresOf(exchange), undefined);
    const phase = recorder.phaseAt(sentAt);
    if (isCut) {
      this.#interrupted += 1;
      recorder.counter('interrupted_iterations', { scenario }, phase).add(1);
      return;
    }
    this.#iterations += 1;
    recorder.counter('iterations', { scenario }, phase).add(1);
    recorder.trend('iteration_duration', { scenario }, phase).add(at + think - sentAt);
    this.#addGaps(request, phase);
  }

  #addGaps({ lane, stretches, since, longGaps }: RecordedRequest, phase: Phase): void {
    const { endOf, gaps } = this.#laneAt(lane);
    for (const [first, last] of stretches) gaps[phase].cover(first, last);
    gaps[phase].cover(since, endOf.length - 1);
    for (const gap of longGaps) this.#recordGaps(phase, gap, 1);
  }

  #laneAt(lane: number): Lane {
    for (let next = this.#lanes.length; next <= lane; next += 1) {
      this.#lanes.push({ endOf: [], gaps: { steady: stepGaps(), outside: stepGaps() } });
    }
    return this.#lanes[lane]!;
  }

  #recordGaps(phase: Phase, gap: number, times: number): void {
    this.#recorder.trend('llm_itl', this.#tags, phase).add(gap, times);
    this.#recorder.trend('llm_chunk_gap', this.#tags, phase).add(gap, times);
  }
}
