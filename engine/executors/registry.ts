import * as v from 'valibot';
import type { Trace } from '../data/trace-file.js';
import {
  constantArrivalRateOptions,
  describeConstantArrivalRate,
  planConstantArrivalRate,
} from './constant-arrival-rate.js';
import { constantVusOptions, describeConstantVus, planConstantVus } from './constant-vus.js';
import type { Load } from './load.js';
import { describePerVuIterations, perVuIterationsOptions, planPerVuIterations } from './per-vu-iterations.js';
import {
  describeRampingArrivalRate,
  planRampingArrivalRate,
  rampingArrivalRateOptions,
} from './ramping-arrival-rate.js';
import { describeRampingVus, planRampingVus, rampingVusOptions } from './ramping-vus.js';
import { describeSharedIterations, planSharedIterations, sharedIterationsOptions } from './shared-iterations.js';
import { describeTrace, planTrace, type TraceOptions, traceOptions } from './trace.js';

/** The names that `executor` may have. */
export const EXECUTORS = [
  'constant-vus',
  'ramping-vus',
  'shared-iterations',
  'per-vu-iterations',
  'constant-arrival-rate',
  'ramping-arrival-rate',
  'trace',
] as const;

/** A scenario of any executor, checked and with its defaults filled in. */
export const scenarioOptions = v.variant('executor', [
  constantVusOptions,
  rampingVusOptions,
  sharedIterationsOptions,
  perVuIterationsOptions,
  constantArrivalRateOptions,
  rampingArrivalRateOptions,
  traceOptions,
]);

export type ScenarioOptions = v.InferOutput<typeof scenarioOptions>;

/** Plans the load of a scenario. `readTrace` reads the trace that it may play. */
export function planLoad(options: ScenarioOptions, readTrace: (options: TraceOptions) => Trace): Load {
  switch (options.executor) {
    case 'constant-vus':
      return planConstantVus(options);
    case 'ramping-vus':
      return planRampingVus(options);
    case 'shared-iterations':
      return planSharedIterations(options);
    case 'per-vu-iterations':
      return planPerVuIterations(options);
    case 'constant-arrival-rate':
      return planConstantArrivalRate(options);
    case 'ramping-arrival-rate':
      return planRampingArrivalRate(options);
    case 'trace':
      return planTrace(options, readTrace(options));
  }
}

/** The scenario's load in words. */
export function describeLoad(options: ScenarioOptions, load: Load): string {
  switch (options.executor) {
    case 'constant-vus':
      return describeConstantVus(options);
    case 'ramping-vus':
      return describeRampingVus(options);
    case 'shared-iterations':
      return describeSharedIterations(options);
    case 'per-vu-iterations':
      return describePerVuIterations(options);
    case 'constant-arrival-rate':
      return describeConstantArrivalRate(options);
    case 'ramping-arrival-rate':
      return describeRampingArrivalRate(options);
    case 'trace':
      return describeTrace(options, load);
  }
}
