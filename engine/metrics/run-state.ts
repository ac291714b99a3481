/** State of one scenario. */
export interface ScenarioState {
  readonly name: string;
  readonly executor: string;
  readonly description: string;
  readonly state: 'waiting' | 'running' | 'draining' | 'done';
  /** Start since the load's start, in milliseconds. The latest possible one, while it waits for another to end. */
  readonly startTime: number;
  readonly vus: number;
  /** Target VU count of a closed scenario now, planned or manual. Null where VUs follow from arrivals. */
  readonly planned: number | null;
  /** Users created, and the maximum. */
  readonly initializedVus: number;
  readonly maxVus: number;
  /** Progress from 0 to 1, by time or iterations. */
  readonly progress: number;
  readonly iterations: number;
  /** Planned number of iterations; undefined for a load that time ends. */
  readonly plannedIterations?: number | undefined;
}

/** Activity of a load at an instant. `running` where it follows no plan, as after a manual change. */
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
  /** Busy share of its thread, 0 to 1. */
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
