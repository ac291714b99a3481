import type { SampleTags } from './metrics.js';
import type { Options } from './options.js';

/** State of the running iteration, like `k6/execution`. */
export interface Execution {
  /** Scenario of this VU. Reading it throws outside of iterations, as in init code and `setup`. */
  readonly scenario: {
    readonly name: string;
    readonly executor: string;
    /** Start of the scenario, in milliseconds since 1970. */
    readonly startTime: number;
    /** Elapsed share of the scenario's duration, 0 to 1. */
    readonly progress: number;
    /** Equal to `iterationInTest`: the process is the only instance. */
    readonly iterationInInstance: number;
    /** Number of this iteration in the scenario, from 0. Unique in the test. */
    readonly iterationInTest: number;
  };
  /** Virtual user that runs this. */
  readonly vu: {
    /** Number of this VU, from 1, unique in the test. Equal to `__VU`. */
    readonly idInTest: number;
    readonly idInInstance: number;
    /** Number of this iteration in this VU, from 0. Equal to `__ITER`. */
    readonly iterationInInstance: number;
    readonly iterationInScenario: number;
    /** Tags of all further samples of this VU. They start with those of its scenario. */
    readonly tags: Record<string, SampleTags[string]>;
    /** k6's name for `tags`. */
    readonly metrics: { readonly tags: Record<string, SampleTags[string]> };
  };
  /** Test as a whole. */
  readonly test: {
    /** Ends the whole test now, with exit code 108. */
    abort(message?: string): never;
    /** Marks the test as failed. It continues, and exits with 110 unless something else ends it early. */
    fail(message?: string): void;
    /**
     * All options of the test with defaults, merged from all sources. Times are milliseconds; the API key is left out.
     * Reading it throws in init code.
     */
    readonly options: Options;
  };
  /** Process with all of its workers. */
  readonly instance: {
    readonly vusActive: number;
    readonly vusInitialized: number;
    readonly iterationsCompleted: number;
    readonly iterationsInterrupted: number;
    /** Milliseconds since the load started. */
    readonly currentTestRunDuration: number;
  };
}
