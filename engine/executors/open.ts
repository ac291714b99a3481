import type { Clock } from '../clock.js';
import { type Arrival, arrivalsOf } from './arrivals.js';
import type { OpenLoad } from './load.js';
import { LoadLoop } from './load-loop.js';
import type { Share } from './share.js';
import type { OpenVuPool } from './vu-pool.js';

/** Lateness limit at the end of the load, in milliseconds. Later arrivals are not started. */
const LAST_CALL = 100;

/**
 * Loop of a worker's share of an open load from `startAt`. Each due arrival is started by a free user, the one that was
 * freed last, since its sockets are the warmest. Without a free user the arrival is dropped, and one more user is
 * created for those to come. Instants are absolute: a late thread catches up, and nothing drifts.
 */
export class OpenLoop extends LoadLoop<OpenVuPool> {
  readonly #endsAt: number;
  readonly #arrivals: Iterator<Arrival, undefined>;
  #coming: Arrival | undefined;
  readonly #free: number[];
  readonly #spare: number[];
  readonly #running = new Set<number>();
  #making = false;
  #exhausted = false;

  constructor(load: OpenLoad, share: Share, seed: number, clock: Clock, startAt: number, pool: OpenVuPool) {
    super(clock, startAt, load.gracefulStop, pool);
    this.#endsAt = startAt + load.duration;
    this.#arrivals = arrivalsOf(load, share, seed);
    this.#coming = this.#arrivals.next().value;
    const own = ownVus(load, share);
    this.#free = own.filter((vu) => vu < load.plannedVus).reverse();
    this.#spare = own.filter((vu) => vu >= load.plannedVus).reverse();
    if (own.length === 0) {
      this.end();
      return;
    }
    if (this.#coming) this.timers.at(startAt + this.#coming.at, () => this.#follow());
    this.timers.at(this.#endsAt, () => {
      this.#takeAllDue();
      this.drain();
    });
  }

  get active(): number {
    return this.#running.size;
  }

  override pause(): void {
    this.#takeAllDue();
    super.pause();
  }

  override resume(): void {
    this.#takeAllDue();
    super.resume();
  }

  protected stopStarting(): void {
    this.timers.clear();
  }

  protected interruptAll(): void {
    for (const vu of this.#running) this.pool.interrupt(vu);
  }

  #follow(): void {
    this.#takeAllDue();
    if (this.#coming) this.timers.at(this.startAt + this.#coming.at, () => this.#follow());
  }

  #takeAllDue(): void {
    for (
      ;
      this.#coming && this.startAt + this.#coming.at <= this.clock.now();
      this.#coming = this.#arrivals.next().value
    ) {
      if (!this.paused) this.#take(this.#coming);
    }
  }

  #take(arrival: Arrival): void {
    const dueAt = this.startAt + arrival.at;
    const isTooLate = this.clock.now() > this.#endsAt + LAST_CALL;
    const vu = isTooLate ? undefined : this.#free.pop();
    if (vu !== undefined) {
      void this.#start(vu, arrival, dueAt);
      return;
    }
    this.pool.drop(1, dueAt);
    if (!isTooLate) void this.#makeOneMore();
  }

  async #start(vu: number, { number }: Arrival, dueAt: number): Promise<void> {
    this.#running.add(vu);
    await this.pool.iterate(vu, number, dueAt);
    this.#running.delete(vu);
    this.#free.push(vu);
    if (this.draining && this.#running.size === 0) this.end();
  }

  async #makeOneMore(): Promise<void> {
    if (this.#making) return;
    const vu = this.#spare.pop();
    if (vu === undefined) {
      if (!this.#exhausted) this.pool.exhausted();
      this.#exhausted = true;
      return;
    }
    this.#making = true;
    const isThere = await this.pool.make(vu);
    this.#making = false;
    // Below the others: it has no socket yet.
    if (isThere) this.#free.unshift(vu);
  }
}

/**
 * This worker's users in order, planned ones first. They are dealt out as the arrivals are, so that both stay in
 * proportion.
 */
function ownVus({ plannedVus, maxVus }: OpenLoad, { index, count }: Share): number[] {
  const own: number[] = [];
  for (let vu = 0; vu < maxVus; vu += 1) if ((vu % plannedVus) % count === index) own.push(vu);
  return own;
}
