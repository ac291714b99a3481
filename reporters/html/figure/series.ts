/** Point of a line, with the bounds of y and its tooltip. */
export interface Point {
  readonly x: number;
  readonly y: number;
  readonly bounds?: readonly [low: number, high: number] | undefined;
  readonly title: string;
  /** Text written beside it, where there is room. */
  readonly label?: string;
  /** Drawn larger, with a ring. */
  readonly isMarked?: boolean;
}

/** Points in order, joined by a line. */
export interface Series {
  readonly label: string;
  readonly color: number;
  /** Dashed, with hollow points, for figures that were not measured. */
  readonly isHollow: boolean;
  /** Shape of its points: 0 circle, 1 square, 2 triangle, 3 diamond. */
  readonly shape?: number;
  readonly points: readonly Point[];
}
