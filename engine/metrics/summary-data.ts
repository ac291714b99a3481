import { createHash } from 'node:crypto';
import { type Contains, findMetric, type MetricInfo, type MetricKind } from './catalogue.js';
import type { Summary, Values } from './snapshot.js';
import { parseSelector } from './thresholds.js';

/** A check in all iterations of all users. */
export interface CheckData {
  readonly name: string;
  /** `::group::name`, and the MD5 sum of that. */
  readonly path: string;
  readonly id: string;
  readonly passes: number;
  readonly fails: number;
}

/** A group, with the groups and the checks within. The outermost has no name. */
export interface GroupData {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly groups: readonly GroupData[];
  readonly checks: readonly CheckData[];
}

/** Metric, or submetric of a threshold's selector. */
export interface MetricData {
  readonly type: MetricKind;
  readonly contains: Contains;
  /** `count`, `rate`, `avg`, `p(95)`, …; times are milliseconds. Empty where there was no sample. */
  readonly values: Values;
  /** By condition, such as `p(95)<500`. */
  readonly thresholds?: Readonly<Record<string, { readonly ok: boolean }>>;
}

/** Input of `handleSummary`: k6's form, and the whole record of the run. */
export interface SummaryData {
  readonly root_group: GroupData;
  readonly options: {
    readonly summaryTrendStats: readonly string[];
    readonly summaryTimeUnit: string;
    readonly noColor: boolean;
  };
  readonly state: {
    readonly isStdOutTTY: boolean;
    readonly isStdErrTTY: boolean;
    readonly testRunDurationMs: number;
  };
  /** By name; those that a selector cuts out are called `name{tag:value}`. */
  readonly metrics: Readonly<Record<string, MetricData>>;
  /** Result of `setup`, where the scenario has one. */
  readonly setup_data?: unknown;
  /** The record of the run, as `--out json=FILE` writes it. */
  readonly tokenswarm: Summary;
}

/** Inputs of a summary in k6's form. */
export interface SummaryParts {
  readonly summary: Summary;
  readonly custom: Readonly<Record<string, MetricInfo>>;
  /** Result of `setup`; undefined where there is no setup. */
  readonly setup: { readonly data: unknown } | undefined;
  readonly isStdOutTTY: boolean;
  readonly isStdErrTTY: boolean;
}

/** Default trend statistics of k6. */
const TREND_STATS = ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)'];

/** Converts the record of a run to k6's `handleSummary` data. */
export function summaryData({ summary, custom, setup, isStdOutTTY, isStdErrTTY }: SummaryParts): SummaryData {
  return {
    root_group: groupsOf(summary),
    options: {
      summaryTrendStats: summary.shown?.stats ?? TREND_STATS,
      summaryTimeUnit: summary.shown?.unit ?? '',
      noColor: false,
    },
    state: { isStdOutTTY, isStdErrTTY, testRunDurationMs: summary.run.seconds * 1000 },
    metrics: metricsOf(summary, custom),
    ...(setup && { setup_data: setup.data }),
    tokenswarm: summary,
  };
}

function metricsOf(
  { metrics, thresholds, shown }: Summary,
  custom: Readonly<Record<string, MetricInfo>>,
): Record<string, MetricData> {
  const all: Record<string, MetricData> = {};
  for (const [name, { type, contains, values }] of Object.entries(metrics)) {
    all[name] = { type, contains, values: type === 'trend' && shown?.stats ? only(values, shown.stats) : values };
  }
  for (const { metric, source, ok } of thresholds) {
    const known = all[metric] ?? withoutSamples(metric, custom);
    all[metric] = { ...known, thresholds: { ...known.thresholds, [source]: { ok } } };
  }
  return all;
}

function only(values: Values, names: readonly string[]): Values {
  return Object.fromEntries(names.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]])));
}

/** A metric that only a threshold speaks of. */
function withoutSamples(metric: string, custom: Readonly<Record<string, MetricInfo>>): MetricData {
  const info = findMetric(parseSelector(metric)?.name ?? metric, custom);
  return { type: info?.kind ?? 'gauge', contains: info?.contains ?? 'default', values: {} };
}

/** A group that is still being filled. */
interface OpenGroup extends GroupData {
  readonly groups: OpenGroup[];
  readonly checks: { -readonly [Field in keyof CheckData]: CheckData[Field] }[];
}

/** Tree of all groups with their checks, over all scenarios. */
function groupsOf({ checks, metrics }: Summary): GroupData {
  const root = openGroup('', '');
  for (const { tags } of metrics.group_duration?.series ?? []) find(root, tags.group ?? '');
  for (const { name, group, passes, fails } of checks) {
    const place = find(root, group);
    const known = place.checks.find((check) => check.name === name);
    if (known) {
      known.passes += passes;
      known.fails += fails;
    } else {
      const path = `${group}::${name}`;
      place.checks.push({ name, path, id: idOf(path), passes, fails });
    }
  }
  return root;
}

function find(root: OpenGroup, path: string): OpenGroup {
  let group = root;
  for (const name of path.split('::').slice(1)) {
    let inner = group.groups.find((known) => known.name === name);
    if (!inner) {
      inner = openGroup(name, `${group.path}::${name}`);
      group.groups.push(inner);
    }
    group = inner;
  }
  return group;
}

function openGroup(name: string, path: string): OpenGroup {
  return { name, path, id: idOf(path), groups: [], checks: [] };
}

function idOf(path: string): string {
  return createHash('md5').update(path).digest('hex');
}
