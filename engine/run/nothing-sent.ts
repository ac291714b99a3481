import { missingImport } from '../api/names.js';
import { ExitCode } from '../errors.js';
import type { Aggregator } from '../metrics/aggregator.js';
import { INSTANCE } from '../vu/thread-context.js';
import { type Ending, failedBy } from './end-reason.js';
import type { RunState } from './run-state.js';

/** Iterations that must have thrown before a load is ended for it. */
const ENOUGH = 10;

/**
 * Ending of a load whose iterations all threw in vain. No request was sent, or none awaited. Of at least `least`
 * iterations.
 */
export function nothingSent({ counts, aggregator, plan, prepared }: RunState, least = ENOUGH): Ending | undefined {
  // In k6 such a run goes on to its end, and passes.
  if (plan.isK6) return undefined;
  const isSent = isAnySent(counts);
  const thrown = counts[INSTANCE.iterationsThrown] ?? 0;
  const isThrowing = thrown >= least && thrown >= (counts[INSTANCE.iterationsCompleted] ?? 0);
  const isFailing = isThrowing || (!isSent && isFloating(aggregator, least));
  // Counted before the error: as many mean that each iteration has left one.
  const isLeft = (counts[INSTANCE.requestsOutlived] ?? 0) >= thrown;
  const [error] = isFailing && (!isSent || isLeft) ? aggregator.errors : [];
  if (!error) return undefined;
  const { where, message } = error;
  // A script that imports nothing of ours was not to send anything, unless an import was forgotten.
  if (!prepared.bundle.importsOurs && missingImport(message.split(':')[0] ?? '') === '') return undefined;
  const ending = failedBy({ message, where, hint: undefined, exitCode: ExitCode.scriptException });
  return {
    ...ending,
    reason: `no request was ${isSent ? 'awaited' : 'sent'}, every iteration threw: ${ending.reason}`,
  };
}

/** True where each iteration left a call that threw unawaited. */
function isFloating(aggregator: Aggregator, least: number): boolean {
  // Such errors have no scenario. They are reported later than live counts, with the iterations they belong to.
  const floating = aggregator.errors.filter(({ scenario }) => scenario === '');
  const thrown = floating.reduce((sum, { count }) => sum + count, 0);
  return thrown >= least && thrown >= aggregator.total('iterations', ['steady', 'outside']);
}

/** True once an iteration has sent a request. */
export function isAnySent(counts: Int32Array): boolean {
  return counts[INSTANCE.requestsSent] !== 0;
}
