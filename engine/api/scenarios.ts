/** Value of an environment variable. Its text is checked in the run. */
export type EnvText = string & { readonly [unchecked]: true };
declare const unchecked: unique symbol;

/**
 * Duration with a unit: `ms`, `s`, `m`, `h` or `d`. Such as `'30s'`, `'1m30s'` or `'250ms'`. For a variable of type
 * `string` write `hold as DurationText`, or read it with `env.duration('HOLD', '10m')`.
 */
export type DurationText = '0' | `${number}${'ms' | 's' | 'm' | 'h' | 'd'}${string}` | EnvText;

/** Duration such as `'30s'`; see `DurationText`. A number is milliseconds, and 0 or at least 1,000. */
export type Duration = DurationText | number;

/** Stage of a ramp: linear to `target` users within `duration`; `'0s'` jumps. */
export interface Stage {
  /** Length of the stage. */
  readonly duration: Duration;
  /** Number of users at its end. */
  readonly target: number;
}

interface AnyScenario {
  /** Exported function that each iteration calls. Default: `'default'`. */
  readonly exec?: string;
  /** Start of the scenario after the load's start. With `startAfter`, after that scenario's end. Default: `'0s'`. */
  readonly startTime?: Duration;
  /** Scenario to wait for: this one starts after its last iteration. */
  readonly startAfter?: string;
  /** Time for iterations in progress at the scenario's end. Default: `'30s'`. */
  readonly gracefulStop?: Duration;
  /** Variables added to `__ENV` for this scenario. */
  readonly env?: Readonly<Record<string, string | number | boolean>>;
  /** Tags of all samples of this scenario. */
  readonly tags?: Readonly<Record<string, string | number | boolean>>;
}

/** Fixed number of users that iterate for a fixed time. */
export interface ConstantVus extends AnyScenario {
  /** Constant number of users, each iterating until the end. */
  readonly executor: 'constant-vus';
  /** Default: 1. */
  readonly vus?: number;
  /** At least one second. */
  readonly duration: Duration;
}

/** Number of users that follows stages; each iterates without pause. */
export interface RampingVus extends AnyScenario {
  /** Number of users that changes in stages. */
  readonly executor: 'ramping-vus';
  /** Users at the start. Default: 1. */
  readonly startVUs?: number;
  /** Stages, one after the other. */
  readonly stages: readonly Stage[];
  /** Time for a ramped-down user to finish its iteration. Default: `'30s'`. */
  readonly gracefulRampDown?: Duration;
}

/** Fixed number of iterations shared by a number of users. */
export interface SharedIterations extends AnyScenario {
  /** Number of iterations shared by all users. */
  readonly executor: 'shared-iterations';
  /** Default: 1. */
  readonly vus?: number;
  /** Iterations of all users together. Default: 1. */
  readonly iterations?: number;
  /** No iteration starts after this time. Default: `'10m'`. */
  readonly maxDuration?: Duration;
}

/** Fixed number of iterations for each of a number of users. */
export interface PerVuIterations extends AnyScenario {
  /** Number of iterations of each user. */
  readonly executor: 'per-vu-iterations';
  /** Default: 1. */
  readonly vus?: number;
  /** Iterations of each user. Default: 1. */
  readonly iterations?: number;
  /** No iteration starts after this time. Default: `'10m'`. */
  readonly maxDuration?: Duration;
}

/**
 * Spacing of arrivals, seeded by `seed`. Even, random and independent (`'poisson'`), or with gamma-distributed gaps: a
 * shape below 1 is burstier than Poisson, one above 1 more even.
 */
export type Arrivals = 'uniform' | 'poisson' | { readonly gamma: number };

interface ArrivalRate extends AnyScenario {
  /** Time unit of rates. Default: `'1s'`. */
  readonly timeUnit?: Duration;
  /** Users created before the load. Each takes one arrival at a time. */
  readonly preAllocatedVUs: number;
  /** Most users; more are created during the run when none is free. Default: `preAllocatedVUs`. */
  readonly maxVUs?: number;
  /** Default: `'uniform'`. */
  readonly arrivals?: Arrivals;
}

/** Fixed rate of iterations, independent of their duration. Arrivals without a free user are dropped and counted. */
export interface ConstantArrivalRate extends ArrivalRate {
  /** Iterations started at a constant rate. */
  readonly executor: 'constant-arrival-rate';
  /** Iterations per `timeUnit`, above 0. */
  readonly rate: number;
  /** At least one second. */
  readonly duration: Duration;
}

/** Stage of a rate: linear to `target` per `timeUnit` within `duration`. `'0s'` jumps. */
export interface RateStage {
  /** Length of the stage. */
  readonly duration: Duration;
  /** Iterations per `timeUnit` at its end. */
  readonly target: number;
}

/** Rate of iterations that follows stages. */
export interface RampingArrivalRate extends ArrivalRate {
  /** Iterations started at a rate that changes in stages. */
  readonly executor: 'ramping-arrival-rate';
  /** Iterations per `timeUnit` at the start. Default: 0. */
  readonly startRate?: number;
  /** Stages, one after the other. */
  readonly stages: readonly RateStage[];
}

/** Replay of a trace's requests at their own times. Those without a free user are dropped and counted. */
export interface TracePlay extends AnyScenario {
  /** Iterations started at the instants of a recorded trace. */
  readonly executor: 'trace';
  /**
   * Trace of Mooncake or Qwen-Bailian (JSON lines), BurstGPT or Azure (CSV). The path is relative to the folder of the
   * scenario file.
   */
  readonly file: string;
  /** Unit of its times. Default: by its form, else a guess by the times, with a warning. */
  readonly timestamps?: 'seconds' | 'milliseconds';
  /** Tokens per entry of `hash_ids`. Default: by their number. */
  readonly blockTokens?: number;
  /** Speed of the replay: 2 replays an hour in half an hour. Default: 1. */
  readonly speed?: number;
  /** Offset in the trace to start from. Default: `'0s'`. */
  readonly from?: Duration;
  /** Duration of the replayed part, at least one second. Default: to its end. */
  readonly duration?: Duration;
  /** Users created before the load. Each takes one request at a time. */
  readonly preAllocatedVUs: number;
  /** Most users; more are created during the run when none is free. Default: `preAllocatedVUs`. */
  readonly maxVUs?: number;
}

/** Replay of recorded sessions on lanes, or at recorded instants. A lane takes the next session when its whole tree has ended. */
export interface SessionsPlay extends AnyScenario {
  /** Recorded sessions of agents, one user each. */
  readonly executor: 'sessions';
  /**
   * File or folder of sessions. Of kv-cache-tester (as AgentX has them), aiperf's Mooncake form, Qwen-Bailian or TraceLab.
   * folder; the path is relative to the folder of the scenario file.
   */
  readonly file: string;
  /** Lanes: sessions at work at once. Default: 1. */
  readonly vus?: number;
  /** At least one second. */
  readonly duration: Duration;
  /**
   * Time of a turn. `gaps`: on lanes, from the end of the answer before. `recorded`: sessions start and turns are sent when
   * they were recorded, with at most `vus` sessions at once. Default: `gaps`.
   */
  readonly pace?: 'gaps' | 'recorded';
  /** Longest gap between the turns of an agent. Default: as recorded. */
  readonly gapCap?: Duration;
  /** Speed of the gaps: 2 halves them. Default: 1. */
  readonly speed?: number;
  /**
   * Part of its first session within which each lane begins. Shares of its duration: `[0, 1]` as AgentX does.
   * The turn before is sent first and not measured. Default: at its beginning.
   */
  readonly startWithin?: readonly [from: number, to: number];
  /** Order of the sessions. Default: shuffled by the seed. */
  readonly order?: 'shuffled' | 'file';
}

/** Part of the load, with the executor that schedules its iterations. */
export type Scenario =
  | ConstantVus
  | RampingVus
  | SharedIterations
  | PerVuIterations
  | ConstantArrivalRate
  | RampingArrivalRate
  | TracePlay
  | SessionsPlay;

/** Name of an executor. */
export type ExecutorName = Scenario['executor'];
