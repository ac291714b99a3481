/** Line of sequences that wait for a place. New ones in order of arrival, behind those that lost theirs. */
export class WaitingLine<Each> {
  /** In order of arrival. */
  readonly #arrived = new Set<Each>();
  /** Preempted sequences, the next to be resumed last. */
  readonly #preempted: Each[] = [];

  get size(): number {
    return this.#arrived.size + this.#preempted.length;
  }

  get first(): Each | undefined {
    const preempted = this.#preempted.at(-1);
    if (preempted) return preempted;
    for (const each of this.#arrived) return each;
    return undefined;
  }

  join(each: Each): void {
    this.#arrived.add(each);
  }

  /** Puts a preempted sequence at the head of the line. */
  preempt(each: Each): void {
    this.#preempted.push(each);
  }

  leave(each: Each): void {
    if (this.#arrived.delete(each)) return;
    const place = this.#preempted.lastIndexOf(each);
    if (place >= 0) this.#preempted.splice(place, 1);
  }
}
