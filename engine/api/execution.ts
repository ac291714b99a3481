/** What a running iteration can know of its surroundings, as k6's `k6/execution`. */
export interface Execution {
  /** The scenario that this VU works for. */
  readonly scenario: {
    readonly name: string;
    readonly executor: string;
    /** When the scenario started, in milliseconds since 1970. */
    readonly startTime: number;
    /** How far it is, 0 to 1. */
    readonly progress: number;
    /** Number of this iteration, from 0, among those of the scenario in this worker. */
    readonly iterationInInstance: number;
    /** The same in the whole test: unique. */
    readonly iterationInTest: number;
  };
  readonly vu: {
    /** Number of this VU, from 1; unique in the whole test, the same as `__VU`. */
    readonly idInTest: number;
    readonly idInInstance: number;
    /** Number of this iteration among those of this VU, from 0; the same as `__ITER`. */
    readonly iterationInInstance: number;
    readonly iterationInScenario: number;
    /** Put on every sample that this VU takes from now on. */
    readonly tags: Record<string, string>;
  };
  readonly test: {
    /** Ends the whole test at once; it exits with 108. */
    abort(message?: string): never;
    /** Marks the test as failed: it goes on, and exits with 110 unless something else ends it before its time. */
    fail(message?: string): void;
  };
  /** The whole process, with all of its workers. */
  readonly instance: {
    readonly vusActive: number;
    readonly vusInitialized: number;
    readonly iterationsCompleted: number;
    readonly iterationsInterrupted: number;
    /** Milliseconds since the load started. */
    readonly currentTestRunDuration: number;
  };
}
