import { dirname } from 'node:path';
import { Secrets } from '../../client/secrets.js';
import { Transport } from '../../client/transport/transport.js';
import type { Clock } from '../../clock.js';
import { Datasets, PATIENCE } from '../../data/dataset.js';
import { SharedData } from '../../data/shared-data.js';
import { Synthetics } from '../../data/synthetic-prompts.js';
import { ExitCode, UserError } from '../../errors.js';
import { httpPlan } from '../../options/http-options.js';
import { placeOf } from '../../vu/script-error.js';
import { INSTANCE, MetricRegistry, type Thread } from '../../vu/thread-context.js';

/** Inputs of a thread context: clock, scenario file and environment. */
export interface ThreadOrigin {
  readonly clock: Clock;
  readonly file: string;
  readonly env: Thread['env'];
  readonly seed?: number;
  /** True for a script of k6. */
  readonly isK6?: boolean;
  readonly secretSources?: readonly string[];
}

/** Thread context for evaluating a scenario without a run. Nothing is recorded and no server is known. */
export function idleThread({ clock, file, env, seed = 0, isK6 = false, secretSources = [] }: ThreadOrigin): Thread {
  return {
    clock,
    folder: dirname(file),
    env,
    wrongVariables: undefined,
    isK6,
    secretSources,
    tags: {},
    tagKeys: [],
    seed,
    vus: 1,
    minIterationDuration: 0,
    connectBackoff: 0,
    starts: new Map(),
    datasets: new Datasets(seed, { patience: PATIENCE }),
    synthetics: new Synthetics(seed),
    shared: new SharedData(),
    http: httpPlan(),
    metrics: new MetricRegistry(),
    instance: new Int32Array(Object.keys(INSTANCE).length),
    target: undefined,
    nextTarget: () => undefined,
    sessions: { sticky: true },
    secrets: new Secrets(),
    transport: new Transport(),
    recorder: undefined,
    llm: undefined,
    httpRecorder: undefined,
    counting: undefined,
    log: undefined,
    elapsed: () => 0,
    options: undefined,
    onEntry: () => undefined,
    abort(message) {
      const where = placeOf(new Error());
      const hint = 'here the scenario aborts the test';
      throw new UserError(message, { where, hint, exitCode: ExitCode.scriptAborted });
    },
    markFailed: () => undefined,
    fail(error) {
      throw error;
    },
    reporters: undefined,
    onExchange: undefined,
    onHttpExchange: undefined,
  };
}
