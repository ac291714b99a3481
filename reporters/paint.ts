/** SGR codes (Select Graphic Rendition) that begin and end each style. */
const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  magenta: [35, 39],
  cyan: [36, 39],
} as const;

/** Styles for text in a terminal. */
export type Paint = Readonly<Record<keyof typeof CODES, (text: string) => string>>;

/** Styles that color the text, or leave it unchanged. */
export function paint(enabled: boolean): Paint {
  const style =
    ([begin, end]: readonly [number, number]) =>
    (text: string): string =>
      enabled && text !== '' ? `\u001b[${begin}m${text}\u001b[${end}m` : text;
  return {
    bold: style(CODES.bold),
    dim: style(CODES.dim),
    red: style(CODES.red),
    green: style(CODES.green),
    yellow: style(CODES.yellow),
    blue: style(CODES.blue),
    magenta: style(CODES.magenta),
    cyan: style(CODES.cyan),
  };
}

/** True if output to a stream is colored. FORCE_COLOR comes before NO_COLOR, as in Node. */
export function wantsColor(
  stream: { readonly isTTY?: boolean | undefined },
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  const { FORCE_COLOR, NO_COLOR, TERM } = environment;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  // https://no-color.org: set and not empty.
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  return stream.isTTY === true && TERM !== 'dumb';
}
