import { type Run, run, type Settings, type Snapshot, type Summary } from '../../engine/index.js';
import { createSimulator, type Simulator, type SimulatorOptions } from '../../engine/simulator/index.js';
import type { RunTimingOptions } from '../../engine/workers/main/threads.js';
import work from '../../engine/workers/thread/worker.js';
import { FakeClock } from './fake-clock.js';
import { socketPath } from './folder.js';

/** Makes a virtual time with a simulator for a suite. */
export function virtualTime(): VirtualTime {
  const time = new VirtualTime();
  before(() => time.start());
  after(() => time.close());
  return time;
}

/** Start of virtual time, in milliseconds. An instant of 0 means none. */
const START = 1000;

/**
 * Virtual time of real runs. Workers, servers and the main thread share one thread, and the clock jumps when all of
 * them wait. A run takes as long as its work alone, so a slow server makes a quick test, and its times are exact. Time
 * passes only in `until`, and not while iterations never wait.
 */
export class VirtualTime {
  readonly clock = new FakeClock(START);
  #simulator: Simulator | undefined;
  /** Timing of a run in this time. */
  readonly timing: RunTimingOptions = {
    clock: this.clock,
    threads: {
      startWorkers: () => ({ run: (task) => work(task, this.clock), destroy: () => Promise.resolve() }),
      // A virtual machine is never late.
      startIdleProbe: () => ({ revise: () => undefined, end: () => Promise.resolve() }),
      countRunnable: () => 1,
    },
  };

  /** URL of the simulator of these tests. */
  get url(): string {
    if (!this.#simulator) throw new Error('the simulator is not started yet');
    return this.#simulator.url;
  }

  /** Starts the simulator of these tests. */
  async start(): Promise<void> {
    this.#simulator = await this.simulator();
  }

  async close(): Promise<void> {
    await this.#simulator?.close();
  }

  /** Starts a simulator, which the caller closes. */
  simulator(options: SimulatorOptions = {}): Promise<Simulator> {
    return createSimulator({ path: socketPath(), ...options }, this.clock);
  }

  /** Runs a scenario file to its summary, and shows each snapshot. */
  async runToEnd(
    file: string | URL,
    settings: Settings,
    look: (snapshot: Snapshot, running: Run) => void = () => undefined,
  ): Promise<Summary> {
    const running = run(file, settings, 'program', this.timing);
    const looking = (async () => {
      for await (const snapshot of running) look(snapshot, running);
    })();
    return await this.clock.until(looking.then(() => running.summary));
  }
}
