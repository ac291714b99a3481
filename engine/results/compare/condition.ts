import { configError, didYouMean } from '../../errors.js';
import { holds, type Operator } from '../../metrics/thresholds.js';
import { type Comparison, rowOf } from './compare.js';
import { nameOf } from './differences.js';

/**
 * Limit on the change of a figure against the first run:
 *
 *     condition   = metric [ ":" aggregation ] operator number [ "%" ]
 *     aggregation = "count" | "rate" | "value" | "avg" | "min" | "max" | "med" | "p(" number ")"
 *     operator    = ">" | ">=" | "<" | "<="
 *
 * With "%" the number is of the first run's figure, without it in the metric's unit.
 */
export interface Condition {
  readonly text: string;
  readonly metric: string;
  readonly key: string;
  readonly operator: Operator;
  readonly limit: number;
  readonly isPercent: boolean;
}

/** Condition, and its result for a run. */
export interface Judged {
  readonly text: string;
  /** Number of the run. */
  readonly run: number;
  /** Change, in percent or in the metric's unit. */
  readonly observed: number;
  readonly isPercent: boolean;
  readonly crossed: boolean;
  /** True if the bounds of the change include zero. */
  readonly mayBeChance: boolean;
}

const CONDITION =
  /^\s*(.+?)\s*(?::\s*(count|rate|value|avg|min|max|med|p\(\s*\d+(?:\.\d+)?\s*\)))?\s*(>=|<=|>|<)\s*([+-]?(?:\d+\.?\d*|\.\d+))\s*(%?)\s*$/;

/** Parses conditions; throws a UserError that lists all syntax errors. */
export function parseConditions(texts: readonly string[]): readonly Condition[] {
  const problems: string[] = [];
  const conditions = texts.flatMap((text): Condition[] => {
    const [, metric = '', key = '', operator, limit, percent] = CONDITION.exec(text) ?? [];
    const [, bare] = /:\s*p(\d+(?:\.\d+)?)\s*[<>]/.exec(text) ?? [];
    if (bare !== undefined) {
      problems.push(`${JSON.stringify(text)}: a percentile is written p(${bare})`);
      return [];
    }
    if (metric === '' || /[<>=]/.test(metric)) {
      problems.push(
        `${JSON.stringify(text)} cannot be read: expected METRIC:AGGREGATION, > or <, and a number or a percentage`,
      );
      return [];
    }
    return [
      {
        text,
        metric,
        key: key.replace(/\s/g, ''),
        operator: operator as Operator,
        limit: Number(limit),
        isPercent: percent === '%',
      },
    ];
  });
  if (problems.length > 0) {
    throw configError(
      '--fail-if',
      problems.join('\n'),
      "for example --fail-if 'llm_ttft:p(95)>+10%' --fail-if 'llm_failed:rate>+0.01'",
    );
  }
  return conditions;
}

/** Judges every run against the first. Throws a UserError where that is impossible. */
export function judge(conditions: readonly Condition[], { runs, incomparable }: Comparison): readonly Judged[] {
  const problems: string[] = [];
  const judged = conditions.flatMap((condition) => {
    const { text, metric, operator, limit, isPercent } = condition;
    const key = condition.key || onlyKey(runs.map(({ metrics }) => metrics[metric]?.values));
    const { values, changes } = rowOf(runs, incomparable, metric, key);
    return changes.flatMap((change, index): Judged[] => {
      const run = index + 1;
      const lacking = [0, run].find((each) => values[each] === undefined);
      const problem =
        lacking !== undefined
          ? lacks(nameOf(lacking), runs[lacking]?.metrics ?? {}, metric, key)
          : change?.word === 'not comparable'
            ? `${nameOf(run)} cannot be compared with A: ${incomparable[index]}`
            : isPercent && change?.ratio === undefined
              ? `it is 0 in A, of which there is no percentage; leave out %`
              : undefined;
      if (problem !== undefined || !change) {
        problems.push(`${JSON.stringify(text)}: ${problem}`);
        return [];
      }
      const observed = isPercent ? ((change.ratio ?? 1) - 1) * 100 : change.difference;
      const mayBeChance = change.word === 'no difference shown';
      return [{ text, run, observed, isPercent, crossed: holds(observed, operator, limit), mayBeChance }];
    });
  });
  if (problems.length > 0) {
    throw configError('--fail-if', [...new Set(problems)].join('\n'));
  }
  return judged;
}

/** Key of a metric with only one figure, or a customary one. */
function onlyKey(all: readonly (Readonly<Record<string, number>> | undefined)[]): string {
  const keys = new Set(all.flatMap((values) => Object.keys(values ?? {})));
  return ['value', 'rate', 'count'].find((key) => keys.has(key)) ?? 'value';
}

function lacks(
  run: string,
  metrics: Readonly<Record<string, { values: object }>>,
  metric: string,
  key: string,
): string {
  const found = metrics[metric];
  if (!found) return `${run} has no metric ${JSON.stringify(metric)}${didYouMean(metric, Object.keys(metrics))}`;
  return `${run} has no ${key} of ${metric}; it has ${Object.keys(found.values).join(', ')}`;
}
