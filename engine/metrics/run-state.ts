/** How a scenario is getting on. */
export interface ScenarioState {
  readonly name: string;
  readonly executor: string;
  readonly description: string;
  readonly state: 'waiting' | 'running' | 'draining' | 'done';
  /** Milliseconds from the start of the load to its own; the latest there can be, while it waits for another to end. */
  readonly startTime: number;
  readonly vus: number;
  /** How many a closed scenario is to have now, by its plan or set by hand; null where they follow from arrivals. */
  readonly planned: number | null;
  /** Users that have been made, and the most there may be. */
  readonly initializedVus: number;
  readonly maxVus: number;
  /** 0 to 1, by time or by iterations, whichever the executor goes by. */
  readonly progress: number;
  readonly iterations: number;
}

/** What a load is doing at an instant; `running` where it is at no particular point of a plan, as after a change by hand. */
export type Activity =
  | 'ramping'
  | 'warming up'
  | 'holding'
  | 'ramping down'
  | 'running'
  | 'paused'
  | 'draining'
  | 'done';

/** How one worker fared in the last interval that it has reported. */
export interface WorkerHealth {
  readonly worker: number;
  /** Share of the time in which its thread was busy, 0 to 1. */
  readonly utilization: number;
  /** Event-loop delay, 99th percentile, in milliseconds. */
  readonly loopDelay: number | null;
}

/** How the generator itself is getting on. */
export interface GeneratorHealth {
  readonly workers: readonly WorkerHealth[];
  /** How late iterations that had a time to start at were started, 99th percentile of the run so far, in milliseconds. */
  readonly lateness: number | null;
  /** Resident memory of the whole process, in bytes. */
  readonly memory: number;
}

/** What an operator did to the load by hand. */
export interface OperatorAction {
  /** Seconds since the load started. */
  readonly at: number;
  readonly action: 'pause' | 'resume' | 'scale';
  /** Whose users were set, and to how many. */
  readonly scenario?: string;
  readonly vus?: number;
}
