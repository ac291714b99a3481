/** Points of a curve that changed since an earlier look. */
export interface ChangedPoints<Point> {
  /** True where all points of before are void. */
  readonly anew: boolean;
  readonly points: readonly Point[];
}

/** Places in a curve that changed since the last look. */
export class Changes {
  readonly #places = new Set<number>();
  #anew = true;

  /** Marks a place. */
  mark(place: number): void {
    if (!this.#anew) this.#places.add(place);
  }

  /** Marks all places, with all that stood there before. */
  markAll(): void {
    this.#anew = true;
    this.#places.clear();
  }

  /** Takes the marked places, in order. Undefined for all: at first, and where `all` are wanted. */
  take(all: boolean): readonly number[] | undefined {
    const places = all || this.#anew ? undefined : [...this.#places].sort((a, b) => a - b);
    this.#anew = false;
    this.#places.clear();
    return places;
  }
}
