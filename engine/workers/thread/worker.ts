import type { MessagePort } from 'node:worker_threads';
import { parseTargets, type Target } from '../../client/target.js';
import { type Clock, systemClock } from '../../clock.js';
import { Recorder } from '../../metrics/recorder.js';
import type { ScenarioPlan } from '../../options/plan.js';
import { compile } from '../../script/evaluate.js';
import type { CounterChannel } from '../../tokens/counting.js';
import { HttpRecorder } from '../../vu/http/http-recorder.js';
import { loadK6 } from '../../vu/k6/load.js';
import { Vu } from '../../vu/vu.js';
import { toFault } from '../fault.js';
import { startHeartbeat } from '../heartbeat.js';
import type { Assignment, Called, Command, Report } from '../messages.js';
import { type CommandQueue, openCommandQueue } from './command-queue.js';
import { flushStdio } from './flush-stdio.js';
import { call, callHooks, cutShortError } from './hook-calls.js';
import { openLog } from './open-log.js';
import { makeParts, type ScenarioPart, vuNumber } from './scenario-part.js';
import { redirectConsole } from './script-console.js';
import { watchUnhandledErrors } from './unhandled-errors.js';
import { rehearse } from './warm-code.js';
import { WorkerLoad } from './worker-load.js';
import { openThread, recordUnhandledError, type WorkerThread } from './worker-thread.js';

/** Input of a pool thread. */
export interface WorkerTask {
  readonly assignment: Assignment;
  readonly port: MessagePort;
  /** Channel to the token-counting process, if any. */
  readonly counter: CounterChannel | undefined;
}

/** Task of a pool thread: one worker's share of the whole run. */
export default async function work(task: WorkerTask, clock = systemClock): Promise<void> {
  const worker = new Worker(task, clock);
  try {
    await worker.prepare();
    await worker.serve();
  } catch (error) {
    worker.report({ type: 'fault', fault: toFault(error) });
  } finally {
    await worker.close();
  }
}

/** Worker of a run: its VUs, and the main thread's commands. */
class Worker {
  readonly #assignment: Assignment;
  readonly #port: MessagePort;
  readonly #clock: Clock;
  readonly #targets: readonly Target[];
  readonly #commands: CommandQueue;
  readonly #thread: WorkerThread;
  readonly #stops: readonly (() => void)[];
  #evaluate: ReturnType<typeof compile> | undefined;
  #parts: readonly ScenarioPart[] = [];

  constructor({ assignment, port, counter }: WorkerTask, clock: Clock) {
    this.#assignment = assignment;
    this.#port = port;
    this.#clock = clock;
    this.#commands = openCommandQueue(port);
    const stopBeating = startHeartbeat(assignment.heartbeat, clock, assignment.limits.silence);
    this.#targets = parseTargets(assignment.targets);
    const thread = openThread(assignment, this.#targets, counter, clock, this.report);
    this.#thread = thread;
    const stopWatching = watchUnhandledErrors(
      (unhandled) => recordUnhandledError(thread, unhandled),
      () => thread.flush(),
    );
    const endConsole = redirectConsole(assignment.plan.options, thread.secrets.redact);
    this.#stops = [stopWatching, stopBeating, endConsole];
  }

  readonly report = (message: Report): void => {
    const { redactAll } = this.#thread.secrets;
    this.#port.postMessage('fault' in message ? { ...message, fault: redactAll(message.fault) } : message);
  };

  /** Creates the planned VUs, and rehearses until the code is compiled. */
  async prepare(): Promise<void> {
    const { plan, share, transport } = this.#assignment;
    if (plan.isK6) await loadK6();
    this.#evaluate = compile(this.#assignment);
    this.#parts = await makeParts(plan.scenarios, share, this.#clock, this.#make);
    // Reading authorities takes a tenth of a second: not in anybody's first request.
    for (const { origin } of this.#targets) this.#thread.transport.routeTo(origin);
    // A thread that cannot rehearse is only cold.
    await rehearse(this.#clock, transport.reader).catch(() => undefined);
    this.report({ type: 'ready' });
  }

  /** Does what the main thread commands, until it is told to leave. */
  async serve(): Promise<void> {
    for await (const command of this.#commands) {
      if (command.type === 'leave') break;
      if (command.type === 'start') await this.#runLoad(command);
      if (command.type === 'call') await this.#call(command);
    }
    for (const { vus } of this.#parts) for (const vu of vus.values()) vu.close();
  }

  async close(): Promise<void> {
    await flushStdio(this.#clock, this.#assignment.limits.printing);
    for (const stop of this.#stops) stop();
    this.#thread.counting?.close();
    this.#port.close();
  }

  readonly #make = (scenario: ScenarioPlan, index: number): Vu => {
    return this.#newVu(vuNumber(this.#assignment.plan, scenario, index), scenario);
  };

  #newVu(number: number, scenario: ScenarioPlan | undefined, hook?: string): Vu {
    if (!this.#evaluate) throw new Error('the script is not compiled yet');
    return new Vu(this.#thread, this.#evaluate, number, scenario, hook);
  }

  async #runLoad(command: Command & { type: 'start' }): Promise<void> {
    const load = new WorkerLoad(command, {
      thread: this.#thread,
      assignment: this.#assignment,
      parts: this.#parts,
      make: this.#make,
      report: this.report,
    });
    this.#commands.interrupts((urgent) => load.applyCommand(urgent));
    await load.run();
    this.report({ type: 'ended' });
  }

  /** Calls a function of the script. Its samples belong to no iteration and no interval. */
  async #call(command: Command & { type: 'call' }): Promise<void> {
    const thread = this.#thread;
    const recorder = new Recorder(this.#assignment.worker, this.#clock.now(), { from: 0, to: 0 });
    thread.recorder = recorder;
    thread.llm = undefined;
    const { plan } = this.#assignment;
    // In k6 requests of setup and teardown count.
    thread.httpRecorder = plan.isK6 ? new HttpRecorder(recorder, plan.submetrics) : undefined;
    thread.log = plan.isK6 ? openLog(this.#assignment, this.#clock.now(), thread, this.report) : undefined;
    const called = await this.#answer(command);
    thread.recorder = undefined;
    thread.httpRecorder = undefined;
    thread.log?.flush();
    thread.log = undefined;
    await flushStdio(this.#clock, this.#assignment.limits.printing);
    this.report({ type: 'called', ...called, delta: recorder.flush(this.#clock.now(), []) });
  }

  /** Calls a hook in every VU. `setup` and `teardown` run in a VU without load. */
  async #answer(command: Command & { type: 'call' }): Promise<Called> {
    const { name } = command;
    if (name === 'vuSetup' || name === 'vuTeardown') {
      const vus = this.#parts.flatMap((part) => [...part.vus.values()]);
      const leaving = new AbortController();
      this.#commands.interrupts(({ type }) => {
        if (type === 'abort') leaving.abort(cutShortError(name));
      });
      return { data: undefined, fault: await callHooks(vus, name, command, this.#clock, leaving.signal) };
    }
    const vu = this.#newVu(0, undefined, name);
    const called = await call(vu, command, this.#clock);
    vu.close();
    return called;
  }
}
