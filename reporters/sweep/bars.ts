import { padLeft, padRight, safeText, shorten, widest } from '../terminal-text.js';

/** A row of a chart of bars. */
export interface Bar {
  readonly label: string;
  /** Undefined where there is none. */
  readonly value: number | undefined;
  /** How the value is written. */
  readonly text: string;
}

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** Bars under one another, of which one of `most` is as long as there is room. Not wider than `width`. */
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
