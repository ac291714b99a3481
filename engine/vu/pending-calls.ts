import { WAITS } from '../metrics/outlived.js';
import { INSTANCE, type Thread } from './thread-context.js';

/** Calls of an iteration that have not settled, by function. */
export class PendingCalls {
  readonly #counts = new Map<string, { call: string; count: number }>();
  #left = 0;
  #onSettled: (() => void) | undefined;

  /** Number of calls. */
  get left(): number {
    return this.#left;
  }

  begin(what: string): void {
    this.#left += 1;
    const known = this.#counts.get(what);
    if (known) known.count += 1;
    else this.#counts.set(what, { call: what, count: 1 });
  }

  end(what: string): void {
    this.#left -= 1;
    const known = this.#counts.get(what);
    if (known) known.count -= 1;
    if (this.#left === 0) this.#onSettled?.();
  }

  /** Functions with pending calls, and their number. */
  counts(): readonly { readonly call: string; readonly count: number }[] {
    return [...this.#counts.values()].filter(({ count }) => count > 0);
  }

  /** Resolves when none is left. */
  async settled(): Promise<void> {
    if (this.#left === 0) return;
    await new Promise<void>((resolve) => {
      this.#onSettled = resolve;
    });
  }
}

/** Awaits the result of a k6 script, and all that it started. */
export function settling(returned: unknown, pending: PendingCalls): unknown {
  // Without anything left, as is usual, no further turn is waited for.
  const finish = (value: unknown) => (pending.left === 0 ? value : drained(pending, value));
  return returned instanceof Promise ? returned.then(finish) : finish(returned);
}

async function drained(pending: PendingCalls, value: unknown): Promise<unknown> {
  while (pending.left > 0) await pending.settled();
  return value;
}

/** Records calls that outlived their iteration. Time: the iteration's start. */
export function recordOutlived(
  { recorder, instance }: Thread,
  scenario: string,
  calls: PendingCalls,
  at: number,
): void {
  for (const { call, count } of calls.counts()) {
    if (!WAITS.has(call)) Atomics.add(instance, INSTANCE.requestsOutlived, count);
    recorder?.counter('flow_unawaited', { scenario, call }, recorder.phaseAt(at)).add(count);
  }
}
