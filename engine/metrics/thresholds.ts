import type { MetricInfo } from './catalogue.js';
import type { Tags } from './series.js';

/**
 * A limit on a metric, in k6's grammar:
 *
 *     threshold   = aggregation operator number
 *     aggregation = "count" | "rate" | "value" | "avg" | "min" | "max" | "med" | "p(" number ")"
 *     operator    = ">" | ">=" | "<" | "<=" | "==" | "===" | "!="
 *     metric      = name [ "{" tag ":" value { "," tag ":" value } "}" ]
 */
export interface Threshold {
  /** The metric with its selector, as the user wrote it. */
  readonly metric: string;
  readonly name: string;
  readonly selector: Tags;
  readonly window: 'steady' | 'whole';
  /** The condition as the user wrote it. */
  readonly source: string;
  readonly aggregation: string;
  readonly operator: Operator;
  readonly limit: number;
  readonly abortOnFail: boolean;
  /** Milliseconds since the load started without aborts. */
  readonly delayAbortEval: number;
  /** Passes without a sample at the end, as in k6. False: fails. */
  readonly allowEmpty: boolean;
}

export type Operator = '>' | '>=' | '<' | '<=' | '==' | '===' | '!=';

/** A threshold and what it found. */
export interface ThresholdResult {
  readonly metric: string;
  readonly source: string;
  readonly window: 'steady' | 'whole';
  /** Observed value, in the metric's unit. Undefined without a sample. */
  readonly observed: number | undefined;
  readonly ok: boolean;
  readonly abortOnFail: boolean;
  /** Number of samples behind the observed value of a trend or rate. */
  readonly samples: number;
}

/** State of a threshold. `empty` has no sample and passes, `unmeasured` has none and fails. */
export type ThresholdState = 'passed' | 'crossed' | 'empty' | 'unmeasured';

/** State of a threshold's result. */
export function stateOf({ ok, observed }: Pick<ThresholdResult, 'ok' | 'observed'>): ThresholdState {
  if (observed === undefined) return ok ? 'empty' : 'unmeasured';
  return ok ? 'passed' : 'crossed';
}

/** Splits `name{tag:value,…}`; undefined when it cannot be read. */
export function parseSelector(text: string): { readonly name: string; readonly selector: Tags } | undefined {
  const open = text.indexOf('{');
  if (open < 0) return { name: text.trim(), selector: {} };
  if (!text.trimEnd().endsWith('}')) return undefined;
  const selector: Record<string, string> = {};
  const inside = text.slice(open + 1, text.lastIndexOf('}'));
  // A comma inside quotes belongs to the value.
  for (const part of inside.match(/[^,:]*:\s*(?:"[^"]*"|'[^']*')\s*(?=,|$)|[^,]+/g) ?? []) {
    if (part.trim() === '') continue;
    const colon = part.indexOf(':');
    if (colon < 1) return undefined;
    selector[unquote(part.slice(0, colon))] = unquote(part.slice(colon + 1));
  }
  return { name: text.slice(0, open).trim(), selector };
}

function unquote(text: string): string {
  const trimmed = text.trim();
  return /^(['"]).*\1$/.test(trimmed) ? trimmed.slice(1, -1) : trimmed;
}

/** Part of a service-level objective: a metric or submetric, and a condition. */
export interface ParsedObjective {
  readonly metric: string;
  /** The metric without its selector. */
  readonly name: string;
  /** The condition as it was written. */
  readonly source: string;
  readonly condition: Condition;
}

/** Reads `llm_ttft:p(95)<500`; a text says why it cannot be read. */
export function parseObjective(text: string): ParsedObjective | string {
  const [, metric = '', source = ''] = /^\s*([^:{]+(?:\{.*\})?)\s*:\s*([^:{}]+)$/.exec(text) ?? [];
  const condition = parseCondition(source);
  const name = parseSelector(metric)?.name;
  if (condition && name !== undefined) return { metric: metric.trim(), name, source: source.trim(), condition };
  const meant = meantCondition(source);
  const such = meant === undefined ? 'llm_ttft:p(95)<500' : `${metric.trim()}:${meant}`;
  return `${JSON.stringify(text)} cannot be read: expected METRIC:CONDITION such as ${such}${unitNote(source)}`;
}

/** Note on units, for a condition that has one. */
export function unitNote(source: string): string {
  return /\d\s*(?:ms|s|m)\s*$/.test(source) ? '; limits of times are milliseconds' : '';
}

/** Valid form of a condition: `p95<0.5s` → `p(95)<500`. Undefined where it is not known. */
export function meantCondition(source: string): string | undefined {
  const [, aggregation = '', operator = '', limit, unit = 'ms'] =
    /^\s*(\S*?)\s*([<>=!]=?=?)\s*(\d+(?:\.\d+)?)\s*(ms|s|m)?\s*$/.exec(source) ?? [];
  const ms = Number(limit) * (unit === 's' ? 1000 : unit === 'm' ? 60_000 : 1);
  const meant = `${aggregation.replace(/^p\(?(\d+(?:\.\d+)?)\)?$/i, 'p($1)')}${operator}${Math.round(ms * 1e6) / 1e6}`;
  return parseCondition(meant) ? meant : undefined;
}

/** Condition on a figure: aggregation such as `p(95)`, operator and limit. The limit is in the metric's unit. */
export interface Condition {
  readonly aggregation: string;
  readonly operator: Operator;
  readonly limit: number;
}

const CONDITION =
  /^\s*(count|rate|value|avg|min|max|med|p\(\s*\d+(?:\.\d+)?\s*\))\s*(>=|<=|===|==|!=|>|<)\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*$/;

/** Reads `p(95)<500`; undefined when it does not follow the grammar. */
export function parseCondition(source: string): Condition | undefined {
  const found = CONDITION.exec(source);
  if (!found) return undefined;
  const aggregation = (found[1] ?? '').replace(/\s/g, '');
  if (aggregation.startsWith('p(') && percentOf(aggregation) > 100) return undefined;
  return { aggregation, operator: found[2] as Operator, limit: Number(found[3]) };
}

/** 95 of `p(95)`. */
export function percentOf(aggregation: string): number {
  return Number(aggregation.slice(2, -1));
}

const TREND = ['avg', 'min', 'max', 'med', 'p(N)'];

/** The aggregations that a metric offers. */
export function aggregationsOf(info: MetricInfo): readonly string[] {
  if (info.tally) return ['count', 'rate', ...TREND];
  switch (info.kind) {
    case 'counter':
      return ['count', 'rate'];
    case 'gauge':
      return ['value'];
    case 'rate':
      return ['rate'];
    case 'trend':
      return TREND;
  }
}

/** True where a metric offers an aggregation. */
export function offers(info: MetricInfo, aggregation: string): boolean {
  return aggregationsOf(info).includes(aggregation.startsWith('p(') ? 'p(N)' : aggregation);
}

/** True where `value operator limit` holds. */
export function holds(value: number, operator: Operator, limit: number): boolean {
  switch (operator) {
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '==':
    case '===':
      return value === limit;
    case '!=':
      return value !== limit;
  }
}

/** Accepted probability that a percentile is not bounded. */
const DOUBT = 0.01;

/**
 * Minimum sample count that bounds a percentile at 99 % confidence. It is the least n of which two or more lie above
 * the percentile, pⁿ + n (1 − p) pⁿ⁻¹ ≤ 0.01, after MLCommons' early-stopping rule. What lies above all samples is the
 * maximum, which needs none.
 */
export function samplesNeeded(percentile: number): number {
  if (percentile >= 100) return 0;
  const above = (100 - percentile) / 100;
  const isEnough = (n: number) => Math.exp((n - 1) * Math.log1p(-above)) * (1 - above + n * above) <= DOUBT;
  let enough = 2;
  while (!isEnough(enough)) enough *= 2;
  let tooFew = Math.floor(enough / 2);
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2);
    if (isEnough(middle)) enough = middle;
    else tooFew = middle;
  }
  return enough;
}
