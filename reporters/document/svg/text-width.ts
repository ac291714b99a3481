/** Widths of characters at font size 1, rounded up for wider fonts. */
const NARROW = 0.32;
const COMMON = 0.6;
const BROAD = 0.74;
const FULL = 1.02;

/** Estimated width of a text in pixels. Rather too wide than too narrow. */
export function textWidth(text: string, size = 12): number {
  return [...text].reduce((sum, char) => sum + widthOf(char), 0) * size;
}

function widthOf(char: string): number {
  if (/[\u1100-\uffef]/.test(char)) return FULL;
  if (/[ .,:;'|!ilI()[\]]/.test(char)) return NARROW;
  return /[A-Z%mwMW]/.test(char) ? BROAD : COMMON;
}

/** Text cut to a width, with `…` at its end. May be empty. */
export function fitted(text: string, width: number, size = 12): string {
  if (textWidth(text, size) <= width) return text;
  const chars = [...text];
  while (chars.length > 0 && textWidth(`${chars.join('')}…`, size) > width) chars.pop();
  return chars.length === 0 ? '' : `${chars.join('').trimEnd()}…`;
}
