import { findMetric, type MetricInfo, unknownMetric } from '../metrics/catalogue.js';
import type { Tags } from '../metrics/series.js';
import {
  aggregationsOf,
  type Condition,
  meantCondition,
  offers,
  parseCondition,
  parseSelector,
  type Threshold,
  unitNote,
} from '../metrics/thresholds.js';
import { show } from '../schema.js';
import { type Problem, readShape, thresholdShape } from './scenario-options.js';

/** Submetric: the part of a metric that a selector matches. */
export interface Submetric {
  /** `name{tag:value}`, as the user wrote it. */
  readonly text: string;
  readonly name: string;
  readonly selector: Tags;
  readonly window: Threshold['window'];
}

/** Metric with its selector, as it stands before a list of conditions. */
type Target = Pick<Threshold, 'metric' | 'name' | 'selector' | 'window'> & { readonly info: MetricInfo };

/** Threshold options of a run. */
interface GivenThresholds {
  readonly thresholds: Readonly<Record<string, unknown>>;
  readonly allowEmptyThresholds: boolean;
  /** True for a script of k6: thresholds are of the whole run. */
  readonly isK6: boolean;
}

/** Condition whose `allowEmpty` may be left to the options. */
type ReadCondition = Omit<Threshold, 'allowEmpty'> & { readonly allowEmpty: boolean | undefined };

/**
 * Reads the `thresholds` option, whose place `placeOf` names. An empty list of conditions makes the submetric only, as
 * in k6. `allowEmpty` is for conditions that do not say so themselves.
 */
export function readThresholds(
  { thresholds: input, allowEmptyThresholds: allowEmpty, isK6 }: GivenThresholds,
  custom: Readonly<Record<string, MetricInfo>>,
  placeOf: (path: string) => string,
  problems: Problem[],
): { readonly thresholds: readonly Threshold[]; readonly submetrics: readonly Submetric[] } {
  const thresholds: Threshold[] = [];
  const submetrics: Submetric[] = [];
  for (const [metric, conditions] of Object.entries(input)) {
    const where = placeOf(`thresholds.${metric}`);
    const target = readTarget(metric, custom, isK6 ? 'whole' : 'steady', (message) =>
      problems.push({ where, message }),
    );
    if (target && Object.keys(target.selector).length > 0) {
      const { name, selector, window } = target;
      submetrics.push({ text: metric, name, selector, window });
    }
    if (!Array.isArray(conditions)) {
      problems.push({ where, message: `expected a list such as ["p(95)<500"], got ${show(conditions)}` });
      continue;
    }
    for (const [index, condition] of conditions.entries()) {
      const threshold = readCondition(condition, target, `${where}[${index}]`, problems);
      if (threshold) thresholds.push({ ...threshold, allowEmpty: threshold.allowEmpty ?? allowEmpty });
    }
  }
  return { thresholds, submetrics };
}

function readTarget(
  metric: string,
  custom: Readonly<Record<string, MetricInfo>>,
  usual: Threshold['window'],
  complain: (message: string) => void,
): Target | undefined {
  const read = parseSelector(metric);
  if (!read) {
    complain('cannot be read; a selector looks like name{tag:value,tag:value}');
    return undefined;
  }
  const { name } = read;
  const { window = usual, ...selector } = read.selector;
  if (window !== 'whole' && window !== 'steady') complain(`the window is whole or steady, not ${window}`);
  const info = findMetric(name, custom);
  if (!info) complain(unknownMetric(name, custom));
  return info && { metric, name, info, selector, window: window === 'whole' ? 'whole' : 'steady' };
}

/** Least limits of an LLM server's times, in milliseconds. Less is meant in seconds. */
const LEAST_LIMIT = 1;
const LEAST_GAP = 0.1;

function isMeantInSeconds({ name, info }: Target, { operator, limit }: Condition): boolean {
  if (!operator.startsWith('<') || !name.startsWith('llm_') || info.contains !== 'time' || limit <= 0) return false;
  return limit < (name.startsWith('llm_itl') || name.startsWith('llm_tpot') ? LEAST_GAP : LEAST_LIMIT);
}

/** Reads one condition; with an unknown metric its aggregation cannot be checked. */
function readCondition(
  condition: unknown,
  target: Target | undefined,
  where: string,
  problems: Problem[],
): ReadCondition | undefined {
  const read = readShape(thresholdShape, typeof condition === 'string' ? { threshold: condition } : condition, where);
  problems.push(...read.problems);
  const source = read.sound.threshold;
  if (source === undefined) return undefined;
  const parsed = parseCondition(source);
  if (!parsed) {
    const meant = meantCondition(source);
    const like = meant === undefined ? 'a condition looks like p(95)<500 or rate>=0.99' : `write ${meant}`;
    problems.push({
      where,
      message: `cannot read ${show(source)}; ${like}${meant ? unitNote(source) : ''}`,
    });
  } else if (target && isMeantInSeconds(target, parsed)) {
    const { name } = target;
    const message = `${name} is in milliseconds, and ${parsed.limit} would be less than any server needs: write ${meantCondition(`${source}s`)}`;
    problems.push({ where, message });
  } else if (target && !offers(target.info, parsed.aggregation)) {
    const { name, info } = target;
    const offered = aggregationsOf(info).join(', ');
    problems.push({ where, message: `${name} is a ${info.kind} and has no ${parsed.aggregation}; it has ${offered}` });
  } else if (target && read.output) {
    const { info: _, ...rest } = target;
    const { abortOnFail, delayAbortEval, allowEmpty } = read.output;
    return { ...rest, source, ...parsed, abortOnFail, delayAbortEval, allowEmpty };
  }
  return undefined;
}
