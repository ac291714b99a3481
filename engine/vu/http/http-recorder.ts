import { kindOfHttpFailure } from '../../client/http/http-error.js';
import type { HttpExchange } from '../../client/http/http-exchange.js';
import { timingsOf } from '../../client/http/timings.js';
import { type Recorder, SERIES_LIMIT } from '../../metrics/recorder.js';
import type { Counter, Phase, Rate, Tags, Trend } from '../../metrics/series.js';

/** Attributes of a recorded request besides its exchange. */
export interface HttpSample {
  readonly scenario: string;
  readonly name: string;
  /** Tags of this request that thresholds select by. */
  readonly asked: Tags;
  /** Expected status or not; undefined where the script disabled the check. */
  readonly expected: boolean | undefined;
}

/** Series of requests with the same tags and phase. */
interface HttpSeries {
  readonly sent: Counter;
  readonly received: Counter;
  readonly requests: Counter;
  readonly failed: Rate;
  readonly duration: Trend;
  readonly blocked: Trend;
  readonly connecting: Trend;
  readonly securing: Trend;
  readonly sending: Trend;
  readonly waiting: Trend;
  readonly receiving: Trend;
}

/** Metrics always split by name. Others are where a threshold selects by name. */
const NAMED = ['http_reqs', 'http_req_failed', 'http_req_duration'];

/** Records exchanges as k6's HTTP metrics. */
export class HttpRecorder {
  readonly #recorder: Recorder;
  readonly #named: ReadonlySet<string>;
  readonly #series = new Map<string, HttpSeries>();
  readonly #warned = new Set<string>();

  /** `submetrics` are the selections of thresholds. */
  constructor(recorder: Recorder, submetrics: readonly { readonly name: string; readonly selector: Tags }[]) {
    const asked = submetrics.filter(({ selector }) => 'name' in selector).map(({ name }) => name);
    this.#recorder = recorder;
    this.#named = new Set([...NAMED, ...asked]);
  }

  /** Records a finished request. */
  end(exchange: HttpExchange, sample: HttpSample): void {
    const recorder = this.#recorder;
    const { scenario, expected } = sample;
    const phase = recorder.phaseAt(exchange.sentAt);
    const series = this.#open(sample, phase);
    series.sent.add(exchange.bytesSent);
    series.received.add(exchange.bytesReceived);
    if (exchange.censored) {
      recorder.counter('http_censored', { scenario, name: sample.name, ...sample.asked }, phase).add(1);
      return;
    }
    const timings = timingsOf(exchange);
    series.requests.add(1);
    series.duration.add(timings.duration);
    series.blocked.add(timings.blocked);
    series.connecting.add(timings.connecting);
    series.securing.add(timings.tls_handshaking);
    series.sending.add(timings.sending);
    series.waiting.add(timings.waiting);
    series.receiving.add(timings.receiving);
    const { method, sentAt, endedAt, bodyBytes: bytes } = exchange;
    const failed = expected === false;
    recorder.request({ method, name: sample.name, failed, time: endedAt - sentAt, bytes }, endedAt);
    if (expected === undefined) return;
    series.failed.add(!expected);
    if (!expected) this.#recordFailure(exchange, sample);
  }

  /** Adds a warning to the report, once for each text. */
  warn(text: string): void {
    if (this.#warned.has(text)) return;
    this.#warned.add(text);
    this.#recorder.warn(text);
  }

  #recordFailure(exchange: HttpExchange, { scenario, name }: HttpSample): void {
    const { method, error, status, statusText, endedAt } = exchange;
    const message = error?.message ?? `HTTP ${status} ${statusText}`.trimEnd();
    const kind = kindOfHttpFailure(exchange);
    this.#recorder.failure({ scenario, method, name, kind, status: status || undefined, message }, endedAt);
  }

  #open({ scenario, name, asked, expected }: HttpSample, phase: Phase): HttpSeries {
    let key = `${phase} ${expected} ${scenario} ${name}`;
    for (const tag in asked) key += `\n${tag}:${asked[tag]}`;
    const known = this.#series.get(key);
    if (known) return known;
    const recorder = this.#recorder;
    const all = { scenario, name, ...asked };
    const { name: _, ...unnamed } = all;
    const tagsOf = (metric: string) => (this.#named.has(metric) ? all : unnamed);
    const duration = expected === undefined ? all : { ...all, expected_response: String(expected) };
    const series: HttpSeries = {
      sent: recorder.counter('data_sent', { scenario }, phase),
      received: recorder.counter('data_received', { scenario }, phase),
      requests: recorder.counter('http_reqs', tagsOf('http_reqs'), phase),
      failed: recorder.rate('http_req_failed', tagsOf('http_req_failed'), phase),
      duration: recorder.trend('http_req_duration', duration, phase),
      blocked: recorder.trend('http_req_blocked', tagsOf('http_req_blocked'), phase),
      connecting: recorder.trend('http_req_connecting', tagsOf('http_req_connecting'), phase),
      securing: recorder.trend('http_req_tls_handshaking', tagsOf('http_req_tls_handshaking'), phase),
      sending: recorder.trend('http_req_sending', tagsOf('http_req_sending'), phase),
      waiting: recorder.trend('http_req_waiting', tagsOf('http_req_waiting'), phase),
      receiving: recorder.trend('http_req_receiving', tagsOf('http_req_receiving'), phase),
    };
    // Beyond the limit series are shared, and their keys would only cost memory.
    if (this.#series.size < SERIES_LIMIT) this.#series.set(key, series);
    return series;
  }
}
