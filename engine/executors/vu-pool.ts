/** What a loop drives: the users of one scenario in one worker, known by their number in it from 0. */
export interface Crew {
  /**
   * Runs one iteration of a user. `iteration` is unique in the whole test; `dueAt` is the instant at which it should
   * start, undefined where it only follows the user's last. Never rejects.
   */
  iterate(vu: number, iteration: number, dueAt: number | undefined): Promise<void>;
  /** Ends the iteration that a user is running, now. */
  interrupt(vu: number): void;
  /** So many iterations, due at this instant, will never start. */
  drop(count: number, dueAt: number): void;
  /** Makes one more user; resolves to whether there is one now. Never rejects. */
  make(vu: number): Promise<boolean>;
}

/** The users of a scenario that may turn out to be too few. */
export interface OpenCrew extends Crew {
  /** Something was dropped and no more users may be made. Called once. */
  exhausted(): void;
}

/** A scenario's loop in one worker, once it has begun. */
export interface LoadRun {
  /** Resolves when every iteration has ended. */
  readonly ended: Promise<void>;
  /** Closed: users that are in their loop now. Open: users that are in an iteration. */
  readonly active: number;
  /** Starts no iteration until `resume`: users wait, and what arrives meanwhile is left out without counting as dropped. */
  pause(): void;
  resume(): void;
  /** Closed alone: from now on so many users are wanted over all workers, whatever the plan says, and also more than it has. */
  scale?(vus: number): void;
  /** Starts no further iteration; those that run have `gracefulStop` left. */
  drain(): void;
  /** Interrupts everything now. */
  abort(): void;
}
