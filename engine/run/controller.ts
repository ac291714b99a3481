import { ExitCode, type UserError } from '../errors.js';
import type { Threshold } from '../metrics/thresholds.js';
import { type Fault, fromFault } from '../workers/fault.js';
import type { Unasked } from '../workers/main/worker-handle.js';
import { type Loss, lossText } from '../workers/main/worker-loss.js';
import type { PoolListener } from '../workers/main/worker-pool.js';
import { beforeStart, type Ending, enoughSeen, failedBy, STOPPED } from './end-reason.js';
import type { LiveControl } from './live-control.js';
import { isAnySent } from './nothing-sent.js';
import type { RunOutcome, RunState } from './run-state.js';

/** Result of a preparation step that the user cut short. */
const QUIT = Symbol('quit');

/** Controller of a run, driven by its user, workers and thresholds. */
export class RunController implements PoolListener {
  readonly outcome: RunOutcome = { ending: undefined, mark: undefined };
  /** The run, as soon as its servers are found. */
  run: RunState | undefined;
  /** Mistake of the options found by the first iterations. No server, for example. */
  refusal: UserError | undefined;
  readonly #quit = new AbortController();
  #resume: (() => void) | undefined;
  /** Abort controller of `handleSummary`; set as soon as that may run. */
  #handling: AbortController | undefined;

  /** Signal that the user does not wait. Before the load, or after it for other machines. */
  get quitting(): AbortSignal {
    return this.#quit.signal;
  }

  /** Waits until the run is resumed. */
  async hold(): Promise<void> {
    const resumed = new Promise<void>((resolve) => {
      this.#resume = resolve;
    });
    await this.orQuit(resumed);
    this.#resume = undefined;
  }

  /** Ends `hold`. False where nothing is held. */
  release(): boolean {
    this.#resume?.();
    return this.#resume !== undefined;
  }

  /** Waits for a preparation step, but no longer than the user does. */
  async orQuit<Result>(step: Promise<Result>): Promise<Result> {
    step.catch(() => undefined);
    const result = await Promise.race([step, aborted(this.quitting)]);
    if (result === QUIT) throw beforeStart(this.outcome.ending ?? STOPPED);
    return result as Result;
  }

  /** Ends the load early. Of several reasons the first counts. */
  stop(how: 'drain' | 'abort', ending: Ending): void {
    const { run, outcome } = this;
    outcome.ending ??= ending;
    if (run?.start) run.timeline.stop(run.elapsed);
    if (!run?.start || run.isOver) this.#quit.abort();
    run?.workers.send({ type: how });
    // Once the load is over there is nothing else that could be waited for.
    if (how === 'abort' || run?.isOver) this.#handling?.abort();
  }

  /** Aborts at once: impatient user, or a calling program with its reason. */
  abort(reason?: string): void {
    this.stop('abort', reason === undefined ? STOPPED : enoughSeen(reason));
    if (reason === undefined) this.run?.workers.hurry();
  }

  /** Ends the load as if its plan did. `drain` waits for running iterations, `abort` does not. */
  conclude(how: 'drain' | 'abort'): void {
    const { run } = this;
    if (!run?.start) {
      this.stop('abort', STOPPED);
      return;
    }
    run.timeline.stop(run.elapsed);
    run.workers.send({ type: how });
  }

  /** Aborts because of a threshold. */
  onCrossed({ metric, source }: Threshold): void {
    const reason = `the threshold ${metric} ${source} was crossed`;
    this.stop('abort', { outcome: 'aborted', reason, exitCode: ExitCode.thresholdsFailed });
  }

  /** Aborts a load that comes to nothing. */
  onNothingSent(ending: Ending): void {
    this.stop('abort', ending);
  }

  /** Live control of the load, while it can be changed. */
  get liveControl(): LiveControl | undefined {
    const { run } = this;
    return run?.start && !run.isOver && !this.outcome.ending ? run.liveControl : undefined;
  }

  /** Signal by which the user aborts `handleSummary` from now on. */
  allowHandling(): AbortSignal {
    this.#handling = new AbortController();
    return this.#handling.signal;
  }

  onReport(report: Unasked): void {
    const { run } = this;
    if (!run) return;
    switch (report.type) {
      case 'delta':
        run.aggregator.apply(report.delta);
        return;
      case 'dataset':
        run.takeDataset(report.dataset);
        return;
      case 'log':
        run.log?.take(report.batch);
        return;
      case 'over':
        if (run.start) run.revise(run.timeline.over(report.worker, report.scenario, run.elapsed));
        return;
      case 'failed':
        this.outcome.mark ??= report.message;
        return;
      case 'abort':
        this.stop('abort', { outcome: 'aborted', reason: report.message, exitCode: ExitCode.scriptAborted });
        return;
      case 'fault':
        if (isRefusal(report.fault, run.counts)) this.refusal ??= fromFault(report.fault);
        this.stop('abort', failedBy(report.fault));
    }
  }

  onLost(loss: Loss): void {
    const { run } = this;
    if (!run) return;
    const seconds = (run.elapsed / 1000).toFixed(1);
    const running = run.start !== undefined && !run.isOver;
    const when = running ? `${seconds} s into the load` : run.isOver ? 'after the load' : 'before the load started';
    run.loss = lossText(loss, when, run.plan.scenarios);
    // Before and after the load it is missed by whoever waits for its answer.
    if (!running) return;
    run.aggregator.recordLoss(loss.worker, run.loss);
    run.revise(run.timeline.lost(loss.worker, run.elapsed));
    if (run.workers.alive) return;
    this.stop('abort', { outcome: 'failed', reason: 'no worker is left', exitCode: ExitCode.scriptException });
  }
}

/** True for a mistake of the options that shows before any request. */
function isRefusal({ exitCode }: Fault, counts: Int32Array): boolean {
  return exitCode === ExitCode.invalidConfig && !isAnySent(counts);
}

/** Resolves when the signal has aborted. */
function aborted(signal: AbortSignal): Promise<typeof QUIT> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(QUIT);
    signal.addEventListener('abort', () => resolve(QUIT), { once: true });
  });
}
