import { configError } from '../engine/errors.js';

/** A report to be written to a file. */
export interface ReportOutput<Write> {
  readonly write: Write;
  readonly path: string;
}

/** Reads `--out FORMAT=PATH` of a command that has these formats. Throws a UserError. */
export function readOutputs<Write>(
  texts: readonly string[],
  formats: Readonly<Record<string, Write>>,
): readonly ReportOutput<Write>[] {
  const names = Object.keys(formats);
  return texts.map((text) => {
    const [, format = '', path = ''] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
    const write = Object.hasOwn(formats, format) ? formats[format] : undefined;
    if (path !== '' && write !== undefined) return { write, path };
    const forms = names.map((name) => `${name}=FILE`);
    const listed = `${forms.slice(0, -1).join(', ')} or ${forms.at(-1)}`;
    throw configError(
      '--out',
      `expected ${listed}, got ${JSON.stringify(text)}`,
      `for example --out ${names[0]}=results/compare.${names[0]}`,
    );
  });
}
