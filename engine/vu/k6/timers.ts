import { recordScriptError } from '../script-error.js';
import { Interrupted, type VuState } from '../vu-state.js';

type Run = (...given: readonly unknown[]) => unknown;

/** Module `k6/timers` of one VU. Its iteration lasts until no timer is left. */
export function timersFor(vu: VuState) {
  const running = new Map<number, () => void>();
  let last = 0;

  const start = (what: string, run: Run, delay: number, given: readonly unknown[], repeats: boolean): number => {
    if (vu.stage === 'init')
      throw new Error(`${what}() belongs into a function; the top of the file is run for every VU`);
    if (typeof run !== 'function') throw new TypeError(`${what}: expected a function`);
    const { clock } = vu.thread;
    const { signal, pending } = vu;
    last += 1;
    const id = last;
    pending.begin(what);
    let cancel: () => void = () => undefined;
    const end = () => {
      if (!running.delete(id)) return;
      cancel();
      signal?.removeEventListener('abort', end);
      pending.end(what);
    };
    const wait = () => {
      cancel = clock.after(Math.max(0, Number(delay) || 0), async () => {
        await ring(vu, run, given);
        if (repeats && running.has(id)) wait();
        else end();
      });
    };
    running.set(id, end);
    signal?.addEventListener('abort', end, { once: true });
    wait();
    return id;
  };

  const stop = (id?: number) => running.get(Number(id))?.();
  return {
    setTimeout: (run: Run, delay: number, ...given: unknown[]) => start('setTimeout', run, delay, given, false),
    setInterval: (run: Run, delay: number, ...given: unknown[]) => start('setInterval', run, delay, given, true),
    clearTimeout: stop,
    clearInterval: stop,
  };
}

/** Calls a timer's function; its error is one of the script. */
async function ring(vu: VuState, run: Run, given: readonly unknown[]): Promise<void> {
  try {
    await run(...given);
  } catch (error) {
    if (!(error instanceof Interrupted)) recordScriptError(vu.thread, vu.scenario, error);
  }
}
