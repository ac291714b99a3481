/** Aggregation kind of a metric. */
export type MetricKind = 'counter' | 'gauge' | 'rate' | 'trend';

/** Unit of a metric's values: `time` is milliseconds, `data` is bytes. */
export type Contains = 'default' | 'time' | 'data';

/** Static properties of a metric, known before any sample. */
export interface MetricInfo {
  readonly kind: MetricKind;
  readonly contains: Contains;
  /** Counter that keeps percentiles of its single amounts too. */
  readonly tally?: boolean;
  /** Weights of flows: it is the sum of their rates a second. */
  readonly derived?: Readonly<Record<string, number>>;
  /** Tags by which it is broken down. Default: scenario and request name. */
  readonly splitBy?: readonly string[];
  /** Recorded only to derive others; not shown. */
  readonly hidden?: boolean;
}

/** Metric of ours, as docs/ and reports show it. */
export interface BuiltInMetric extends MetricInfo {
  /** Its row in docs/, in Markdown. */
  readonly definition: string;
  /** Name in reports, in narrow tables of them, and above charts. */
  readonly label?: string;
  readonly short?: string;
  readonly title?: string;
  /** Figure of a request whose values are its samples. */
  readonly figure?: string;
  readonly shown?: Shown;
}

/** Tables in which a metric stands by default. `brief` and `full` list its values there: `count`, `avg`, … */
interface Shown {
  /** Row of latencies: since sending, since an open load's schedule, of HTTP. */
  readonly latency?: 'sent' | 'scheduled' | 'http';
  /** Metric whose mean must differ for the row to be shown. */
  readonly unlike?: string;
  /** Latencies by request name. */
  readonly byName?: true;
  /** Markdown; of LLM requests, the short summary in the terminal too. */
  readonly brief?: readonly string[];
  /** HTML; of LLM requests, the full summary in the terminal too. */
  readonly full?: readonly string[];
  /** Column of the request log. */
  readonly requestLog?: true;
}

/** Properties of common sorts of metrics. */
export const counter = { kind: 'counter', contains: 'default' } as const;
export const data = { kind: 'counter', contains: 'data' } as const;
export const gauge = { kind: 'gauge', contains: 'default' } as const;
export const rate = { kind: 'rate', contains: 'default' } as const;
export const tally = { kind: 'trend', contains: 'default', tally: true } as const;
export const time = { kind: 'trend', contains: 'time' } as const;
