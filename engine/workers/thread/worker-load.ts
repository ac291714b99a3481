import { type Clock, every, sleep } from '../../clock.js';
import { INTERVAL } from '../../metrics/interval-point.js';
import { Recorder } from '../../metrics/recorder.js';
import type { ScenarioPlan } from '../../options/plan.js';
import { HttpRecorder } from '../../vu/http/http-recorder.js';
import { LlmRecorder } from '../../vu/llm-recorder.js';
import type { Log } from '../../vu/record-log.js';
import type { Vu } from '../../vu/vu.js';
import { fromFault, toFault } from '../fault.js';
import type { Assignment, Command, Report } from '../messages.js';
import { applyCommand } from './apply-command.js';
import type { LiveCommand } from './command-queue.js';
import { HealthProbe } from './health.js';
import { callHook } from './hook-calls.js';
import { openLog } from './open-log.js';
import { ReaderProbe } from './reader-probe.js';
import type { ScenarioPart } from './scenario-part.js';
import { ScenarioRunner } from './scenario-runner.js';
import { recordUnhandledError, type WorkerThread } from './worker-thread.js';

/** Time after which the first records are passed on, in milliseconds. Later ones each second. */
const FIRST_RECORDS = 200;

/** Dependencies of a worker's part of the load. */
export interface WorkerDependencies {
  readonly thread: WorkerThread;
  readonly assignment: Assignment;
  readonly parts: readonly ScenarioPart[];
  readonly make: (scenario: ScenarioPlan, index: number) => Vu;
  readonly report: (message: Report) => void;
}

/** One worker's part of the load, recorded from start to end. */
export class WorkerLoad {
  readonly #dependencies: WorkerDependencies;
  readonly #startAt: number;
  /** Result of `setup`, as JSON. */
  readonly #data: string | undefined;
  readonly #clock: Clock;
  readonly #recorder: Recorder;
  readonly #log: Log | undefined;
  readonly #runners: readonly ScenarioRunner[];

  constructor({ startAt, data }: Command & { type: 'start' }, dependencies: WorkerDependencies) {
    const { thread, assignment, parts, report } = dependencies;
    const { plan, worker, share, requestRows } = assignment;
    this.#dependencies = dependencies;
    this.#startAt = startAt;
    this.#data = data;
    this.#clock = thread.clock;
    this.#recorder = new Recorder(worker, startAt, plan.steady, requestRows);
    this.#log = openLog(assignment, startAt, thread, report);
    this.#measure();
    const around = {
      thread,
      share,
      startAt,
      data: () => (data === undefined ? undefined : (JSON.parse(data) as unknown)),
      make: (scenario: ScenarioPlan, index: number, leaving: AbortSignal) =>
        this.#makeOneMore(scenario, index, leaving),
    };
    this.#runners = parts.map((part) => new ScenarioRunner(part, around));
  }

  /** Applies a command of the main thread. */
  applyCommand(command: LiveCommand): void {
    applyCommand(command, this.#dependencies.thread, this.#runners);
  }

  /** Runs until every iteration has ended and everything measured has been reported. */
  async run(): Promise<void> {
    const { thread, assignment, report } = this.#dependencies;
    const { worker, limits } = assignment;
    const clock = this.#clock;
    for (const { ended, scenario } of this.#runners) void ended.then(() => report({ type: 'over', worker, scenario }));
    // Before the start, for what the very first iterations do to the thread is to be seen.
    const probe = new HealthProbe(clock, this.#recorder, worker);
    const reader = new ReaderProbe(clock, this.#recorder, worker);
    await sleep(clock, this.#startAt - clock.now());
    thread.flush = () => {
      probe.measureUtilization();
      reader.measure();
      thread.counting?.flush();
      this.#flush(clock.now());
    };
    // All workers start together, so their intervals are the same.
    const stopFlushing = every(clock, INTERVAL, () => thread.flush());
    const stopFirst = clock.after(FIRST_RECORDS, () => this.#log?.flush());
    await Promise.all(this.#runners.map(({ ended }) => ended));
    stopFirst();
    stopFlushing();
    probe.close();
    probe.measureUtilization();
    reader.measure();
    thread.flush = () => undefined;
    const endedAt = clock.now();
    await thread.counting?.finish(clock, limits.counting);
    // What is waited for is no part of the load.
    this.#flush(endedAt);
    thread.log = undefined;
  }

  /** Has the thread measure into this load from now on. */
  #measure(): void {
    const { thread, assignment } = this.#dependencies;
    const recorder = this.#recorder;
    thread.recorder = recorder;
    thread.llm = new LlmRecorder(recorder);
    thread.httpRecorder = new HttpRecorder(recorder, assignment.plan.submetrics);
    thread.log = this.#log;
    for (const unhandled of thread.unhandledErrors.splice(0)) recordUnhandledError(thread, unhandled);
    thread.elapsed = () => Math.max(0, recorder.since(this.#clock.now()));
  }

  #flush(at: number): void {
    this.#log?.flush();
    const progress = this.#runners.map((runner) => runner.progress());
    this.#dependencies.report({ type: 'delta', delta: this.#recorder.flush(at, progress) });
  }

  async #makeOneMore(scenario: ScenarioPlan, index: number, leaving: AbortSignal): Promise<Vu | undefined> {
    const { thread, assignment, make } = this.#dependencies;
    // Arrivals that are due now go first.
    await this.#clock.breathe();
    try {
      const vu = make(scenario, index);
      const call = { timeout: assignment.plan.options.setupTimeout, data: this.#data };
      const fault = await callHook(vu, 'vuSetup', call, this.#clock, leaving);
      if (!fault) return vu;
      vu.close();
      if (!leaving.aborted) thread.fail(fromFault(fault, 'vuSetup'));
    } catch (error) {
      thread.fail(fromFault(toFault(error)));
    }
    return undefined;
  }
}
