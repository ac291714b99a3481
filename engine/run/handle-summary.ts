import { isatty } from 'node:tty';
import { Worker } from 'node:worker_threads';
import { messageOf, scriptError, UserError } from '../errors.js';
import type { Summary } from '../metrics/snapshot.js';
import { summaryData } from '../metrics/summary-data.js';
import { bundledFile } from '../own-files.js';
import { fromFault } from '../workers/fault.js';
import type { SummaryResult, SummaryTask } from './handle-summary-worker.js';
import type { RunState } from './run-state.js';
import type { Handled } from './summary-outputs.js';

/** Input of `handleSummary` besides the run. */
export interface HandlingInput {
  /** Result of `setup`, as JSON. */
  readonly data: string | undefined;
  /** Signal that aborts `handleSummary`. */
  readonly signal: AbortSignal;
}

/** Starts the scenario's `handleSummary`, if any. Its bundle is deleted after that. Never rejects. */
export function startHandling(run: RunState, summary: Summary, input: HandlingInput): Promise<Handled> | undefined {
  const { functions, bundle } = run.prepared;
  if (!functions.includes('handleSummary')) return undefined;
  return handle(run, taskOf(run, summary, input.data), input.signal).finally(() => bundle.dispose());
}

/**
 * Calls the scenario's `handleSummary` in a worker thread of its own. The thread can be ended even where the function
 * does not return, so the summary is never lost.
 */
async function handle(run: RunState, task: SummaryTask, signal: AbortSignal): Promise<Handled> {
  const { prepared, plan, clock } = run;
  const { handleSummaryTimeout: timeout } = plan.options;
  let thread: Worker | undefined;
  let cancel: () => void = () => undefined;
  try {
    const { outputs, faults } = await new Promise<SummaryResult>((resolve, reject) => {
      thread = new Worker(bundledFile('engine/run/handle-summary-worker.js'), { workerData: task });
      thread.once('message', resolve);
      thread.once('error', reject);
      thread.once('exit', (code) => reject(new Error(`its thread ended with ${code} before it returned`)));
      signal.addEventListener('abort', () => reject(new Error('it was stopped by the user')), { once: true });
      cancel = clock.after(timeout, () => {
        const hint = 'give it more time, or do less in it';
        const where = 'options.handleSummaryTimeout';
        reject(scriptError(where, `it took longer than ${timeout / 1000} s`, hint));
      });
    });
    return { outputs, problems: faults.map((fault) => fromFault(fault)) };
  } catch (error) {
    const { where, hint } = error instanceof UserError ? error : { where: prepared.bundle.file, hint: undefined };
    const message = `handleSummary() failed: ${messageOf(error)}`;
    return { outputs: {}, problems: [scriptError(where, message, hint)] };
  } finally {
    cancel();
    await thread?.terminate();
  }
}

function taskOf(
  { prepared, plan, resolved, settings, limits }: RunState,
  summary: Summary,
  data?: string,
): SummaryTask {
  const { bundle, env, seed, datasets, functions, metrics: custom } = prepared;
  const setup = functions.includes('setup') ? { data: data === undefined ? null : JSON.parse(data) } : undefined;
  return {
    script: bundle.script,
    packages: bundle.packages,
    file: bundle.file,
    isK6: bundle.isK6,
    env,
    seed,
    datasets,
    ...resolved,
    data: summaryData({ summary, custom, setup, isStdOutTTY: isatty(1), isStdErrTTY: isatty(2) }),
    reporters: settings.reportsModule,
    console: { consoleOutput: plan.options.consoleOutput, logFormat: plan.options.logFormat },
    limits,
  };
}
