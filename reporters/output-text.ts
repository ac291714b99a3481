import { didYouMean } from '../engine/errors.js';

/** Parts of `FORMAT=PATH` or `FORMAT:OPTION=PATH`. */
export interface OutputText<Format> {
  /** Original text: `json=results/run.json`. */
  readonly text: string;
  readonly format: Format;
  readonly options: readonly string[];
  readonly path: string;
}

/**
 * Splits `FORMAT:OPTION=PATH`, or gives the mistake in it. Further colons separate further options; everything after
 * the first equals sign is the path. `others` are names to suggest besides.
 */
export function splitOutput<Format>(
  text: string,
  formats: Readonly<Record<string, Format>>,
  others: readonly string[] = [],
): OutputText<Format> | string {
  const [, head = '', path = ''] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
  const shown = JSON.stringify(text);
  if (head === '' || path === '') return `expected FORMAT=PATH, got ${shown}`;
  const [name = '', ...options] = head.split(':');
  const format = Object.hasOwn(formats, name) ? formats[name] : undefined;
  if (format !== undefined) return { text, format, options, path };
  return `${shown}: there is no format called ${JSON.stringify(name)}${didYouMean(name, [...Object.keys(formats), ...others])}`;
}
