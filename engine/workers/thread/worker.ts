import { dirname } from 'node:path';
import type { MessagePort } from 'node:worker_threads';
import { inTurn, parseTargets } from '../../client/target.js';
import { Transport } from '../../client/transport/transport.js';
import { type Clock, every, sleep, systemClock } from '../../clock.js';
import { Datasets, PATIENCE } from '../../data/dataset.js';
import { SharedData } from '../../data/shared-data.js';
import { Synthetics } from '../../data/synthetic.js';
import type { Share } from '../../executors/share.js';
import { INTERVAL } from '../../metrics/intervals.js';
import { Recorder } from '../../metrics/recorder.js';
import type { ScenarioPlan } from '../../options/plan.js';
import { compile } from '../../script/evaluate.js';
import { type CounterWay, Counting } from '../../tokens/counting.js';
import { HttpRecorder } from '../../vu/http/http-recorder.js';
import { LlmRecorder } from '../../vu/llm-recorder.js';
import { Log } from '../../vu/record-log.js';
import { noteScriptError } from '../../vu/script-error.js';
import { MetricRegistry, type Thread } from '../../vu/thread-context.js';
import { Vu } from '../../vu/vu.js';
import { fromFault, toFault } from '../fault.js';
import { noteEntry, startHeartbeat } from '../heartbeat.js';
import type { Assignment, Called, Command, Report } from '../messages.js';
import { obey } from './apply-command.js';
import { type Inbox, openInbox } from './command-queue.js';
import { printed } from './flush-stdio.js';
import { HealthProbe } from './health.js';
import { call, callHook, callHooks, cutShortError } from './hook-calls.js';
import { makeParts, type Part, startPart, vuNumber } from './scenario-runner.js';
import { type Stray, watchStrays } from './unhandled-errors.js';
import { rehearse } from './warm-code.js';

/** Thread context of a worker, which measures only once told to. */
interface WorkerThread extends Mutable<Thread> {
  /** Reports the measurements since the last call. */
  flush: () => void;
  /** Unhandled errors from while nothing was recorded. */
  readonly strays: Stray[];
}

type Mutable<Of> = { -readonly [Field in keyof Of]: Of[Field] };

/** Input of a pool thread. */
export interface WorkerTask {
  readonly assignment: Assignment;
  readonly port: MessagePort;
  /** Channel to the token-counting process, if any. */
  readonly counter: CounterWay | undefined;
}

/** Task of a pool thread: one worker's share of the whole run. */
export default async function work({ assignment, port, counter }: WorkerTask, clock = systemClock): Promise<void> {
  const { plan, limits, worker, workers, pulse } = assignment;
  const targets = parseTargets(assignment.targets);
  const report = (message: Report) => port.postMessage(message);
  const share: Share = { index: worker, count: workers };
  const inbox = openInbox(port);
  const stopBeating = startHeartbeat(pulse, clock, limits.silence);
  let failed = false;
  const thread: WorkerThread = {
    clock,
    folder: dirname(assignment.file),
    env: assignment.env,
    tags: assignment.tags,
    tagKeys: plan.tagKeys,
    seed: assignment.seed,
    vus: plan.vus,
    minIterationDuration: plan.minIterationDuration,
    starts: new Map(),
    datasets: new Datasets(assignment.seed, {
      known: assignment.datasets,
      patience: PATIENCE,
      onRead: (dataset) => report({ type: 'dataset', dataset }),
    }),
    synthetics: new Synthetics(assignment.seed),
    shared: new SharedData(),
    http: plan.http,
    metrics: new MetricRegistry(),
    instance: new Int32Array(assignment.instance),
    target: targets[0],
    nextTarget: inTurn(targets, worker),
    transport: new Transport(assignment.transport),
    recorder: undefined,
    llm: undefined,
    httpRecorder: undefined,
    counting: counter && new Counting(counter, workers),
    log: undefined,
    elapsed: () => 0,
    options: assignment.options,
    flush: () => undefined,
    strays: [],
    onEntry: (vu, iteration) => noteEntry(pulse, vu, iteration),
    abort: (message) => report({ type: 'abort', message }),
    markFailed: (message) => {
      if (!failed) report({ type: 'failed', message });
      failed = true;
    },
    fail: (error) => report({ type: 'fault', fault: toFault(error) }),
  };
  const stopWatching = watchStrays(
    (stray) => noteStray(thread, stray),
    () => thread.flush(),
  );
  try {
    const evaluate = compile(assignment);
    const make = (scenario: ScenarioPlan, index: number) => {
      return new Vu(thread, evaluate, vuNumber(plan, scenario, index), scenario);
    };
    const parts = await makeParts(plan.scenarios, share, clock, make);
    // Reading authorities takes a tenth of a second: not in anybody's first request.
    for (const { origin } of targets) thread.transport.routeTo(origin);
    // A thread that cannot rehearse is only cold.
    await rehearse(clock).catch(() => undefined);
    report({ type: 'ready' });
    for await (const command of inbox) {
      if (command.type === 'leave') break;
      if (command.type === 'start') await carry(command, { thread, assignment, parts, make, inbox, report });
      if (command.type === 'call') {
        // What belongs to no iteration is in no interval either.
        const recorder = new Recorder(worker, clock.now(), { from: 0, to: 0 });
        thread.recorder = recorder;
        thread.llm = undefined;
        thread.httpRecorder = undefined;
        const called = await answer(
          command,
          clock,
          parts,
          inbox,
          () => new Vu(thread, evaluate, 0, undefined, command.name),
        );
        thread.recorder = undefined;
        await printed(clock, limits.printing);
        report({ type: 'called', ...called, delta: recorder.flush(clock.now(), []) });
      }
    }
    for (const { vus } of parts) for (const vu of vus.values()) vu.close();
  } catch (error) {
    report({ type: 'fault', fault: toFault(error) });
  } finally {
    await printed(clock, limits.printing);
    stopWatching();
    stopBeating();
    thread.counting?.close();
    port.close();
  }
}

function noteStray(thread: WorkerThread, stray: Stray): void {
  if (thread.recorder) noteScriptError(thread, '', stray.error, stray.remark);
  else thread.strays.push(stray);
}

/** Calls the requested function: a hook in every VU, or `setup` or `teardown` in a VU that makes no load. */
async function answer(
  command: Command & { type: 'call' },
  clock: Clock,
  parts: readonly Part[],
  inbox: Inbox,
  lone: () => Vu,
): Promise<Called> {
  const { name } = command;
  if (name === 'vuSetup' || name === 'vuTeardown') {
    const vus = parts.flatMap((part) => [...part.vus.values()]);
    const leaving = new AbortController();
    inbox.interrupts(({ type }) => {
      if (type === 'abort') leaving.abort(cutShortError(name));
    });
    return { data: undefined, fault: await callHooks(vus, name, command, clock, leaving.signal) };
  }
  const vu = lone();
  const called = await call(vu, command, clock);
  vu.close();
  return called;
}

/** Dependencies of a worker's part of the load. */
interface Means {
  readonly thread: WorkerThread;
  readonly assignment: Assignment;
  readonly parts: readonly Part[];
  readonly make: (scenario: ScenarioPlan, index: number) => Vu;
  readonly inbox: Inbox;
  readonly report: (message: Report) => void;
}

/** Runs this worker's part of the load from start to end. */
async function carry({ startAt, data: text }: Command & { type: 'start' }, means: Means): Promise<void> {
  const { thread, assignment, parts, make, inbox, report } = means;
  const { plan, limits, worker, workers } = assignment;
  const { clock } = thread;
  const recorder = new Recorder(worker, startAt, plan.steady);
  thread.recorder = recorder;
  thread.llm = new LlmRecorder(recorder);
  thread.httpRecorder = new HttpRecorder(recorder, plan.submetrics);
  const log =
    assignment.log &&
    new Log({
      details: assignment.log.details,
      worker,
      startAt,
      written: new Int32Array(assignment.log.written),
      send: (batch) => report({ type: 'log', batch: { worker, ...batch } }),
    });
  thread.log = log;
  for (const stray of thread.strays.splice(0)) noteStray(thread, stray);
  thread.elapsed = () => Math.max(0, recorder.since(clock.now()));
  const surroundings = {
    thread,
    share: { index: worker, count: workers },
    startAt,
    data: () => (text === undefined ? undefined : (JSON.parse(text) as unknown)),
    async make(scenario: ScenarioPlan, index: number, leaving: AbortSignal) {
      // Arrivals that are due now go first.
      await clock.breathe();
      try {
        const vu = make(scenario, index);
        const fault = await callHook(vu, 'vuSetup', { timeout: plan.setupTimeout, data: text }, clock, leaving);
        if (!fault) return vu;
        vu.close();
        if (!leaving.aborted) thread.fail(fromFault(fault, 'vuSetup'));
      } catch (error) {
        thread.fail(fromFault(toFault(error)));
      }
      return undefined;
    },
  };
  const running = parts.map((part) => startPart(part, surroundings));
  for (const { ended, scenario } of running) void ended.then(() => report({ type: 'over', worker, scenario }));
  inbox.interrupts((command) => obey(command, thread, running));

  // Before the start, for what the very first iterations do to the thread is to be seen.
  const probe = new HealthProbe(clock, recorder, worker);
  await sleep(clock, startAt - clock.now());
  thread.flush = () => {
    probe.measureUtilization();
    thread.counting?.flush();
    flushAt(clock.now());
  };
  const flushAt = (at: number) => {
    log?.flush();
    const progress = running.map((part) => part.progress());
    report({ type: 'delta', delta: recorder.flush(at, progress) });
  };
  // All workers start together, so their intervals are the same.
  const stopFlushing = every(clock, INTERVAL, () => thread.flush());
  await Promise.all(running.map(({ ended }) => ended));
  stopFlushing();
  probe.close();
  probe.measureUtilization();
  thread.flush = () => undefined;
  const endedAt = clock.now();
  await thread.counting?.finish(clock, limits.counting);
  // What is waited for is no part of the load.
  flushAt(endedAt);
  thread.log = undefined;
  report({ type: 'ended' });
}
