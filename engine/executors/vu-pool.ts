/** VUs of one scenario in one worker, driven by its loop. They are known by their number in it from 0. */
export interface VuPool {
  /**
   * Runs one iteration of a user. `iteration` is unique in the whole test; `dueAt` is the instant at which it should
   * start, undefined where it only follows the user's last. Never rejects.
   */
  iterate(vu: number, iteration: number, dueAt: number | undefined): Promise<void>;
  /** Interrupts a VU's running iteration now. */
  interrupt(vu: number): void;
  /** Drops `count` iterations, due at this instant. */
  drop(count: number, dueAt: number): void;
  /** Makes one more user; resolves to whether there is one now. Never rejects. */
  make(vu: number): Promise<boolean>;
}

/** VUs of an open scenario, created on demand. */
export interface OpenVuPool extends VuPool {
  /** Called once, after a drop where no more users may be created. */
  exhausted(): void;
}

/** Running loop of a scenario in one worker. */
export interface LoadRun {
  /** Resolves when every iteration has ended. */
  readonly ended: Promise<void>;
  /** Number of active VUs. Closed: those in their loop now. Open: those in an iteration. */
  readonly active: number;
  /** Starts no iteration until `resume`. Users wait, and arrivals meanwhile are skipped without counting as dropped. */
  pause(): void;
  resume(): void;
  /**
   * Sets the target VU count over all workers, in closed loads only. It replaces the plan, and may exceed its maximum.
   */
  scale?(vus: number): void;
  /** Starts no further iteration; those that run have `gracefulStop` left. */
  drain(): void;
  /** Interrupts everything now. */
  abort(): void;
}
