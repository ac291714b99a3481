/** Range of time in seconds. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Shortest range of a view. */
const SHORTEST = 0.01;

/** View of lanes: a range of time within a run. */
export class LaneView {
  readonly #seconds: number;
  #range: Range;

  constructor(seconds: number) {
    this.#seconds = Math.max(SHORTEST, seconds);
    this.#range = this.all;
  }

  get range(): Range {
    return this.#range;
  }

  get all(): Range {
    return { from: 0, to: this.#seconds };
  }

  /** Shows a range, as far as the run has it. */
  show({ from, to }: Range): void {
    const length = Math.min(this.#seconds, Math.max(SHORTEST, to - from));
    const begin = Math.min(Math.max(0, from), this.#seconds - length);
    this.#range = { from: begin, to: begin + length };
  }

  /** Shows `factor` times as much around an instant, by default the middle. */
  zoom(factor: number, around = (this.#range.from + this.#range.to) / 2): void {
    const { from, to } = this.#range;
    this.show({ from: around - (around - from) * factor, to: around + (to - around) * factor });
  }

  /** Moves by a share of the range. */
  move(share: number): void {
    const { from, to } = this.#range;
    const by = share * (to - from);
    this.show({ from: from + by, to: to + by });
  }
}
