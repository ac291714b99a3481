/** Parameter of a fit. Its expectation and deviation before any data enter as one more residual. */
export interface Parameter {
  readonly start: number;
  readonly least: number;
  readonly most: number;
  /** Standard deviation of what is known of it beforehand. */
  readonly deviation: number;
}

/** Best parameters, with their standard errors. */
export interface Fit {
  readonly values: readonly number[];
  readonly errors: readonly number[];
  /** Residuals at the best parameters, without those of expectations. */
  readonly residuals: readonly number[];
  /** Derivatives of each residual by each parameter. */
  readonly jacobian: readonly (readonly number[])[];
}

const MOST_ROUNDS = 12;

/**
 * Least squares within bounds, by Levenberg and Marquardt's method with numeric derivatives. `residualsAt` returns
 * deviations in units of their standard deviation. Each parameter is drawn to its start as far as data leave it open.
 * Small and dense problems only: tens of residuals, a dozen parameters.
 */
export function leastSquares(
  parameters: readonly Parameter[],
  residualsAt: (values: readonly number[]) => readonly number[],
): Fit {
  let values = parameters.map(({ start }) => start);
  let residuals = residualsAt(values);
  let damping = 1e-2;
  let jacobian = derivatives(parameters, values, residuals, residualsAt);
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const before = costOf(parameters, values, residuals);
    const step = stepOf(parameters, values, residuals, jacobian, damping);
    const next = values.map((value, i) => within(parameters[i]!, value + step[i]!));
    const found = residualsAt(next);
    const after = costOf(parameters, next, found);
    if (!(after < before)) {
      damping *= 8;
      if (damping > 1e6) break;
      continue;
    }
    [values, residuals] = [next, found];
    damping = Math.max(1e-6, damping / 8);
    jacobian = derivatives(parameters, values, residuals, residualsAt);
    if (before - after < 1e-4 * before) break;
  }
  const covariance = inverse(normalMatrix(parameters, jacobian, 0));
  return { values, errors: values.map((_, i) => Math.sqrt(Math.max(0, covariance[i]![i]!))), residuals, jacobian };
}

/** Best parameters without some residuals, to first order around a fit. */
export function withoutResiduals(
  parameters: readonly Parameter[],
  fit: Fit,
  isLeftOut: (index: number) => boolean,
): number[] {
  const keep = fit.residuals.map((_, index) => !isLeftOut(index));
  const residuals = fit.residuals.filter((_, index) => keep[index]);
  const jacobian = fit.jacobian.filter((_, index) => keep[index]);
  const step = stepOf(parameters, fit.values, residuals, jacobian, 0);
  return fit.values.map((value, i) => within(parameters[i]!, value + step[i]!));
}

function within({ least, most }: Parameter, value: number): number {
  return Math.min(most, Math.max(least, value));
}

function costOf(parameters: readonly Parameter[], values: readonly number[], residuals: readonly number[]): number {
  const expected = parameters.reduce(
    (sum, { start, deviation }, i) => sum + ((values[i]! - start) / deviation) ** 2,
    0,
  );
  return residuals.reduce((sum, each) => sum + each ** 2, expected);
}

function derivatives(
  parameters: readonly Parameter[],
  values: readonly number[],
  residuals: readonly number[],
  residualsAt: (values: readonly number[]) => readonly number[],
): number[][] {
  const columns = parameters.map((parameter, i) => {
    const width = Math.max(Math.abs(values[i]!) * 0.03, parameter.deviation * 0.03);
    const moved = values.map((value, j) => (i === j ? within(parameter, value + width) : value));
    const by = moved[i]! - values[i]!;
    if (by === 0) moved[i] = values[i]! - width;
    const real = moved[i]! - values[i]!;
    return residualsAt(moved).map((each, index) => (each - residuals[index]!) / real);
  });
  return residuals.map((_, index) => columns.map((column) => column[index]!));
}

/** Step of the damped normal equations. A parameter held at its bound does not move further. */
function stepOf(
  parameters: readonly Parameter[],
  values: readonly number[],
  residuals: readonly number[],
  jacobian: readonly (readonly number[])[],
  damping: number,
): number[] {
  const slope = parameters.map(({ start, deviation }, i) => {
    const data = jacobian.reduce((sum, row, index) => sum + row[i]! * residuals[index]!, 0);
    return -(data + (values[i]! - start) / deviation ** 2);
  });
  const held = parameters.map(({ least, most }, i) => {
    return (values[i]! <= least && slope[i]! < 0) || (values[i]! >= most && slope[i]! > 0);
  });
  const matrix = normalMatrix(parameters, jacobian, damping).map((row, i) => {
    return row.map((value, j) => (held[i] || held[j] ? Number(i === j) : value));
  });
  const wanted = slope.map((each, i) => (held[i] ? 0 : each));
  return inverse(matrix).map((row) => row.reduce((sum, value, j) => sum + value * wanted[j]!, 0));
}

function normalMatrix(
  parameters: readonly Parameter[],
  jacobian: readonly (readonly number[])[],
  damping: number,
): number[][] {
  return parameters.map(({ deviation }, i) => {
    return parameters.map((_, j) => {
      const data = jacobian.reduce((sum, row) => sum + row[i]! * row[j]!, 0);
      return i === j ? (data + 1 / deviation ** 2) * (1 + damping) : data;
    });
  });
}

/** Inverse of a symmetric positive definite matrix, by Gauss and Jordan's elimination. */
function inverse(matrix: readonly (readonly number[])[]): number[][] {
  const size = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...row.map((_, j) => Number(i === j))]);
  for (let i = 0; i < size; i += 1) {
    const best = rows
      .slice(i)
      .reduce((found, row, k) => (Math.abs(row[i]!) > Math.abs(rows[found]![i]!) ? i + k : found), i);
    [rows[i], rows[best]] = [rows[best]!, rows[i]!];
    const pivot = rows[i]![i]!;
    rows[i] = rows[i]!.map((value) => value / pivot);
    for (let k = 0; k < size; k += 1) {
      if (k === i) continue;
      const factor = rows[k]![i]!;
      rows[k] = rows[k]!.map((value, j) => value - factor * rows[i]![j]!);
    }
  }
  return rows.map((row) => row.slice(size));
}
