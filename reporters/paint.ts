import { styleText } from 'node:util';

const STYLES = ['bold', 'dim', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan'] as const;

/** Styles for text in a terminal. */
export type Paint = Readonly<Record<(typeof STYLES)[number], (text: string) => string>>;

/** Styles that color the text, or leave it unchanged. */
export function paint(enabled: boolean): Paint {
  const style = (name: (typeof STYLES)[number]) => (text: string) =>
    enabled && text !== '' ? styleText(name, text, { validateStream: false }) : text;
  return Object.fromEntries(STYLES.map((name) => [name, style(name)])) as Paint;
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
