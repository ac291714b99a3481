import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/command.js';
import type { Found } from './report.js';

const BASELINE = join(ROOT, 'test/bench/baseline.json');

/** Multiple of its baseline at which a ratio counts as a loss. Beside C, slow machines explain 2.3. */
const GROSS = 3;

/** Ratios by name: `token-cost: tokenswarm ÷ floor`. */
export type Ratios = Readonly<Record<string, number>>;

/** Ratios that are compared with the baseline. */
export function ratiosOf(found: readonly Found[]): Ratios {
  const ratios = found.flatMap(({ name, figures }) =>
    figures.filter(({ guarded }) => guarded).map(({ what, value }) => [`${name}: ${what}`, value] as const),
  );
  return Object.fromEntries(ratios);
}

/** Lower of each ratio in two tries, or the only one measured. */
export function best(one: Ratios, other: Ratios): Ratios {
  const measured = [...Object.entries(one), ...Object.entries(other)].filter(([, ratio]) => !Number.isNaN(ratio));
  return Object.fromEntries(measured.sort(([, a], [, b]) => b - a));
}

/** Sentences about ratios far above their baseline or not measured. */
export function lossesOf(ratios: Ratios, baseline: Ratios): readonly string[] {
  return Object.entries(baseline).flatMap(([name, usual]) => {
    const now = ratios[name];
    if (now === undefined || Number.isNaN(now)) return [`${name}: was not measured`];
    return now > GROSS * usual ? [`${name}: ${now.toFixed(2)}, more than ${GROSS} × the usual ${usual}`] : [];
  });
}

/** The ratios that stand in test/bench/baseline.json. */
export function readBaseline(): Ratios {
  return JSON.parse(readFileSync(BASELINE, 'utf8')) as Ratios;
}

/** Makes these the ratios to which later runs are held. */
export function writeBaseline(ratios: Ratios): void {
  const rounded = Object.entries(ratios).map(([name, ratio]) => [name, Number(ratio.toPrecision(3))] as const);
  writeFileSync(BASELINE, `${JSON.stringify(Object.fromEntries(rounded), null, 2)}\n`);
}
