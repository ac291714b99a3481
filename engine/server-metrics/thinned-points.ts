import { type ChangedPoints, Changes } from '../metrics/changed-points.js';

/** Maximum number of kept points. */
const MOST_POINTS = 3600;

/** Bounded record of points in order of time. Whenever they become too many, every second is dropped. */
export class ThinnedPoints<Point> {
  #points: Point[] = [];
  #stride = 1;
  #added = 0;
  readonly #changes = new Changes();

  get kept(): readonly Point[] {
    return this.#points;
  }

  add(point: Point): void {
    this.#added += 1;
    if (this.#added % this.#stride === 0) {
      this.#changes.mark(this.#points.length);
      this.#points.push(point);
    }
    if (this.#points.length <= MOST_POINTS) return;
    this.#points = this.#points.filter((_, index) => index % 2 === 1);
    this.#stride *= 2;
    this.#changes.markAll();
  }

  /** Points added since the last call, or all of them. To be called by one reader alone. */
  takeChanged(all: boolean): ChangedPoints<Point> {
    const changed = this.#changes.take(all);
    if (!changed) return { anew: true, points: this.#points };
    return { anew: false, points: this.#points.slice(this.#points.length - changed.length) };
  }
}
