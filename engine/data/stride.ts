/** Number of strides compared, and of draws per iteration considered. */
const CANDIDATES = 64;
const DRAWS = 64;

/**
 * Distance in the order between draws of one iteration. It is coprime to the number of rows, so that an iteration that
 * draws all of them gets each once, and near their golden section, so that any number of draws is spread evenly.
 * Iteration i begins at row i, so the gap that the draws leave is how many iterations can pass before two of them draw
 * the same row.
 */
export function strideFor(rows: number): number {
  const golden = Math.round((rows * (Math.sqrt(5) - 1)) / 2);
  let best = 1;
  let widest = 0;
  let candidates = 0;
  for (let away = 0; away < rows && candidates < CANDIDATES; away += 1) {
    for (const stride of away === 0 ? [golden] : [golden + away, golden - away]) {
      if (stride < 1 || stride >= rows || divisor(stride, rows) > 1) continue;
      candidates += 1;
      const evenness = evennessOf(stride, rows, widest);
      if (evenness <= widest) continue;
      widest = evenness;
      best = stride;
    }
  }
  return best;
}

/** Narrowest gap over all numbers of draws, relative to the optimum. Stops below `least`. */
function evennessOf(stride: number, rows: number, least: number): number {
  let gap = rows;
  let evenness = 1;
  for (let draws = 2; draws <= Math.min(rows, DRAWS) && evenness > least; draws += 1) {
    const position = ((draws - 1) * stride) % rows;
    gap = Math.min(gap, position, rows - position);
    evenness = Math.min(evenness, (gap * draws) / rows);
  }
  return evenness;
}

/** Greatest common divisor (Euclid). */
function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}
