import { padLeft, padRight, safeText, shorten, widest } from '../terminal-text.js';

/** Row of a bar chart. */
export interface Bar {
  readonly label: string;
  /** Undefined where there is none. */
  readonly value: number | undefined;
  /** Value as text. */
  readonly text: string;
}

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** Bar chart; a bar of `most` fills the room left within `width`. */
export function bars(
  title: string,
  rows: readonly Bar[],
  most: number,
  width: number,
  ascii: boolean,
): readonly string[] {
  const labels = widest(rows.map(({ label }) => label));
  const texts = widest(rows.map(({ text }) => text));
  const room = Math.max(4, width - labels - texts - 2);
  const lines = rows.map(({ label, value = 0, text }) => {
    const bar = most > 0 ? stroke((value / most) * room, ascii) : '';
    return padRight(`${padLeft(safeText(label), labels)} ${bar}${bar === '' ? '' : ' '}${text}`, width);
  });
  return [padRight(shorten(title, width), width), ...lines];
}

function stroke(length: number, ascii: boolean): string {
  if (ascii) return '#'.repeat(Math.round(length));
  const eighths = Math.round(length * 8);
  return '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '');
}
