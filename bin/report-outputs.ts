import { configError } from '../engine/errors.js';
import { type OutputText, splitOutput } from '../reporters/core.js';

/** Reads `--out FORMAT=PATH` of a command that has these formats, by name. Throws a UserError. */
export function readReports<Render>(
  texts: readonly string[],
  formats: Readonly<Record<string, Render>>,
): readonly OutputText<Render>[] {
  const names = Object.keys(formats);
  return texts.map((text) => {
    const split = splitOutput(text, formats);
    if (typeof split !== 'string' && split.options.length === 0) return split;
    const problem = typeof split === 'string' ? split : `${JSON.stringify(text)}: expected no option of a format`;
    const hint = `formats are ${names.join(', ')}; for example --out ${names[0]}=results/report.${names[0]}`;
    throw configError('--out', problem, hint);
  });
}
