/** State of one scenario. */
export interface ScenarioState {
  readonly name: string;
  readonly executor: string;
  readonly description: string;
  readonly state: 'waiting' | 'running' | 'draining' | 'done';
  /** Milliseconds from the start of the load to its own; the latest there can be, while it waits for another to end. */
  readonly startTime: number;
  readonly vus: number;
  /** Target VU count of a closed scenario now, by its plan or set by hand. Null where VUs follow from arrivals. */
  readonly planned: number | null;
  /** Users that have been made, and the most there may be. */
  readonly initializedVus: number;
  readonly maxVus: number;
  /** 0 to 1, by time or by iterations, whichever the executor goes by. */
  readonly progress: number;
  readonly iterations: number;
}

/**
 * Activity of a load at an instant; `running` where it is at no particular point of a plan, as after a change by hand.
 */
export type Activity =
  | 'ramping'
  | 'warming up'
  | 'holding'
  | 'ramping down'
  | 'running'
  | 'paused'
  | 'draining'
  | 'done';

/** Health of one worker in its last reported interval. */
interface WorkerHealth {
  readonly worker: number;
  /** Share of the time in which its thread was busy, 0 to 1. */
  readonly utilization: number;
  /** Event-loop delay, 99th percentile, in milliseconds. */
  readonly loopDelay: number | null;
}

/** Health of the generator. */
export interface GeneratorHealth {
  readonly workers: readonly WorkerHealth[];
  /** Start delay of iterations with a due time, in milliseconds. 99th percentile of the run so far. */
  readonly lateness: number | null;
  /** Resident memory of the whole process, in bytes. */
  readonly memory: number;
}

/** Change of the load by an operator. */
export interface OperatorAction {
  /** Seconds since the load started. */
  readonly at: number;
  readonly action: 'pause' | 'resume' | 'scale';
  /** Scenario whose VU count was set, and the count. */
  readonly scenario?: string;
  readonly vus?: number;
}
