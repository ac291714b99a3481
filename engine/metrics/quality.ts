import { type Outlived, outlivedText, requestsAmong } from './outlived.js';
import type { OperatorAction } from './run-state.js';
import { percentOf, samplesNeeded, type ThresholdResult } from './thresholds.js';

/** Latency added by the generator and its machine, in milliseconds. Estimated. */
export interface Inflation {
  /** Mean addition to TTFT: delay of an event at any instant. */
  readonly ttft: number;
  /**
   * Mean addition to gaps between tokens. The gaps after them are shorter by as much, so that the mean ITL stays true.
   */
  readonly itl: number;
  /** 99th percentile of the delay of an event. */
  readonly p99: number;
}

/** Verdict on the numbers, with its reasons. */
export interface Quality {
  readonly verdict: 'valid' | 'suspect' | 'invalid';
  readonly reasons: readonly string[];
  /** Limitations that are not the generator's fault. */
  readonly notes: readonly string[];
  /** In the headline window; null where nothing was streamed. */
  readonly inflation: Inflation | null;
}

/** Mean number of threads ready to run, and the machine's cores. */
export interface Crowd {
  readonly threads: number;
  readonly cores: number;
}

/** Inputs of the verdict. Times in milliseconds. */
export interface QualityInputs {
  /** Longest time that a worker was above 80 % and 95 % utilization. */
  readonly above80: number;
  readonly above95: number;
  /** 99th percentile of event-loop delays. Of the worst worker, and of a thread that had nothing to do. */
  readonly loopDelay: number | undefined;
  readonly machineDelay: number | undefined;
  /** Longest of these delays. */
  readonly longestStop: number;
  readonly longestMachineStop: number | undefined;
  /** Crowd on the machine; undefined where the server is elsewhere. */
  readonly crowd?: Crowd | undefined;
  readonly medianItl: number | undefined;
  readonly inflation: Inflation | null;
  readonly thresholds: readonly ThresholdResult[];
  /** Lengths of the steady state, 0 without one, and the run. */
  readonly steady: number;
  readonly whole: number;
  /** Arrivals of arrival rates, late ones (started or dropped), and dropped ones. */
  readonly arrivals: number;
  readonly lateArrivals: number;
  readonly droppedArrivals: number;
  /** True where a dropped arrival found all allowed VUs created. */
  readonly isExhausted: boolean;
  /** Iterations not run before a maximum duration. */
  readonly undoneIterations: number;
  /** Calls that outlived their iteration, the most frequent first. */
  readonly outlived?: readonly Outlived[];
  /** Parts of the run that are missing from the numbers. */
  readonly missing: readonly string[];
  /** Changes of the load by hand. */
  readonly changes: readonly OperatorAction[];
  readonly requests: number;
  /** True where nothing was measured. No request was sent, and no metric of the script has a sample. */
  readonly isEmpty?: boolean;
  readonly censored: number;
  /** Sentence on the server's counts, where they disagree with this run's. */
  readonly disagreement?: string | undefined;
  /** Stretches in which no server could be reached, in seconds. */
  readonly absences: readonly { readonly from: number; readonly to: number }[];
  /** Requests that found no open file left for their socket. */
  readonly withoutFile?: number;
  /** Figures that cannot be. */
  readonly impossible?: readonly string[];
}

/** Longest acceptable overload of a worker, in milliseconds. */
const LONGEST_STRAIN = 5000;

/** Longest acceptable stop of a thread, in milliseconds. The longest garbage collections take less. */
const LONGEST_STOP = 1000;

/** Most threads for each core of the server's machine. */
const MOST_THREADS = 2;

/** Lateness of a late arrival, in milliseconds. A tenth of the interval in which rates are reported. */
export const LATE_ARRIVAL = 100;

/** Largest acceptable share of late arrivals. Above it the load was not the requested one: its p99 is late. */
const MOST_LATE = 0.01;

/** Largest acceptable share of requests that outlived their iteration. They are a load beside the planned one. */
const MOST_OUTLIVED = 0.01;

/**
 * Judges the trustworthiness of the numbers. Only a load other than the planned one counts against them: a slow server
 * never does.
 * The limits are explained in docs/metrics.md.
 */
export function assess(inputs: QualityInputs): Quality {
  const invalid: string[] = inputs.missing.map((part) => `part of the load is missing: ${part}`);
  const suspect: string[] = [];
  const [wrong, ...others] = inputs.impossible ?? [];
  if (wrong) {
    const more = others.length > 0 ? `, and ${others.length} more` : '';
    invalid.push(`impossible figures: ${wrong}${more}. This is a bug: please report it with the record`);
  }
  const { above80, above95 } = inputs;

  const { outlived = [] } = inputs;
  const isUnawaited = requestsAmong(outlived) > MOST_OUTLIVED * inputs.requests;
  if (outlived.length > 0) (isUnawaited ? invalid : suspect).push(outlivedText(outlived));
  const advice = (otherwise: string) => (outlived.length > 0 ? 'first add the await' : otherwise);

  const { withoutFile = 0 } = inputs;
  if (withoutFile > 0) {
    const found = `${withoutFile} requests found no open file left for their socket`;
    invalid.push(`the load was not the planned one: ${found}: raise the limit (ulimit -n), or use fewer users`);
  }
  const busy = (share: number, time: number) =>
    `a worker was busy over ${share} % of the time for ${seconds(time)}` +
    (inputs.requests === 0 ? ', yet no request ended' : `: ${advice('use more workers or fewer users')}`);
  // What fails at once is tried again and again, which keeps a worker busy and looks as if the server were away.
  if (above95 >= LONGEST_STRAIN && withoutFile === 0) invalid.push(busy(95, above95));
  else if (above80 >= LONGEST_STRAIN && withoutFile === 0) suspect.push(busy(80, above80));

  for (const { from, to } of withoutFile > 0 ? [] : inputs.absences) {
    suspect.push(`the server was away from ${from.toFixed(1)} s to ${to.toFixed(1)} s: no request reached it`);
  }

  const { arrivals, lateArrivals } = inputs;
  const isMissed = lateArrivals > MOST_LATE * arrivals;
  if (isMissed) {
    const share = `${lateArrivals} of ${arrivals} iterations were due over ${LATE_ARRIVAL} ms before they were started`;
    invalid.push(
      `the generator missed the requested rate: ${share} or dropped; ${advice('use more workers or a lower rate')}`,
    );
  }

  const notes: string[] = [];
  if (inputs.isEmpty) suspect.push('nothing was measured: no request was sent');
  else judgeTimes(inputs, suspect, notes);
  notes.push(...omissions(inputs, isMissed));
  return {
    verdict: invalid.length > 0 ? 'invalid' : suspect.length > 0 ? 'suspect' : 'valid',
    reasons: [...invalid, ...suspect],
    notes,
    inflation: inputs.inflation,
  };
}

/** Adds doubts about times. They are a late generator, a busy machine and a short steady state. */
function judgeTimes(inputs: QualityInputs, suspect: string[], notes: string[]): void {
  const { loopDelay = 0, machineDelay = 0, medianItl = 0 } = inputs;
  const { bearable, tooLate } = delayLimits(medianItl);
  // Where threads compete for cores, a busy thread waits longer than an idle one.
  const own = loopDelay - machineDelay;
  if (own > Math.max(bearable, machineDelay)) {
    suspect.push(`the generator itself was late by ${ms(own)} (event-loop delay p99, ${ms(bearable)} allowed)`);
  }
  const noise = `this machine wakes even an idle thread ${ms(machineDelay)} late (p99)`;
  if (machineDelay > tooLate) suspect.push(`${noise}, ${ms(tooLate)} allowed: other processes keep it busy`);
  else if (machineDelay > bearable) notes.push(`${noise}: the load of other processes is in the latencies`);

  suspect.push(...crowded(inputs.crowd));
  const { longestStop, longestMachineStop = 0 } = inputs;
  if (longestMachineStop >= LONGEST_STOP) {
    suspect.push(`the whole process was suspended for ${seconds(longestMachineStop)}: it or its machine was stopped`);
  } else if (longestStop >= LONGEST_STOP) {
    suspect.push(`a worker was blocked for ${seconds(longestStop)} by the script or garbage collection`);
  }

  suspect.push(...inputs.thresholds.flatMap(fewSamples), ...unsteady(inputs));
}

/** Reason for suspicion where a percentile's threshold has too few samples. */
function fewSamples({ metric, source, samples }: ThresholdResult): string[] {
  const percentile = /p\([^)]*\)|med/.exec(source.replace(/\s/g, ''))?.[0];
  const needed = percentile ? samplesNeeded(percentile === 'med' ? 50 : percentOf(percentile)) : 0;
  if (samples === 0 || samples >= needed) return [];
  return [`the threshold ${metric} ${source} rests on ${samples} samples; ${percentile} needs ${needed}`];
}

/** Reason for suspicion where the steady state is too short. */
function unsteady({ steady, whole }: QualityInputs): string[] {
  const shortest = Math.max(10_000, 0.1 * whole);
  if (steady >= shortest) return [];
  if (steady === 0) return ['the load never reached its steady state'];
  return [`the steady state lasted ${seconds(steady)}; at least ${seconds(shortest)} are needed`];
}

/** Reason for suspicion where a server on this machine waits for cores. */
function crowded(crowd: Crowd | undefined): string[] {
  if (!crowd || crowd.threads <= MOST_THREADS * crowd.cores) return [];
  const threads = `${crowd.threads.toFixed(1)} threads wanted to run on its ${crowd.cores} cores`;
  return [`this machine was crowded, and the server is on it: ${threads}; its wait for one is in the latencies`];
}

/** Notes on what the numbers do not contain. */
function omissions(inputs: QualityInputs, isMissed: boolean): string[] {
  const { arrivals, droppedArrivals, undoneIterations } = inputs;
  const notes: string[] = [];
  // A late generator is no reason to raise maxVUs, but VUs that were not created are in its way as well.
  if (droppedArrivals > 0 && !(isMissed && inputs.isExhausted)) {
    const advice = inputs.isExhausted
      ? 'raise maxVUs or lower the rate'
      : 'raise preAllocatedVUs: VUs are added one at a time, and maxVUs was not reached';
    const share = `${droppedArrivals} of ${arrivals} iterations were dropped, since no VU was free when they were due`;
    notes.push(`dropped_iterations: ${share}; they are in no latency; ${advice}`);
  }
  if (undoneIterations > 0) {
    notes.push(`dropped_iterations: ${undoneIterations} iterations were left undone when maxDuration was over`);
  }
  if (inputs.censored > 0) {
    notes.push(
      `${inputs.censored} requests were still in flight at the end: counted separately, in no latency or rate`,
    );
  }
  const [change] = inputs.changes;
  if (change) {
    const times = inputs.changes.length === 1 ? 'once' : `${inputs.changes.length} times`;
    notes.push(
      `the load was changed by hand ${times}, first ${change.at.toFixed(1)} s into it: no steady state after that`,
    );
  }
  if (inputs.disagreement !== undefined) notes.push(inputs.disagreement);
  if (inputs.requests === 0 && !inputs.isEmpty) notes.push('no request ended');
  return notes;
}

/** Delay limits of a worker and the machine, relative to the gaps. */
function delayLimits(medianItl: number): { readonly bearable: number; readonly tooLate: number } {
  return { bearable: Math.max(2, 0.1 * medianItl), tooLate: Math.max(10, 0.5 * medianItl) };
}

function ms(value: number): string {
  return `${value.toFixed(1)} ms`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
