import { stripVTControlCharacters } from 'node:util';
import { lazily } from '../engine/lazy-require.js';

/** Text in terminal columns; Chinese and emoji take two, combining marks none. */

// Their tables take 20 ms to load, and most text before a load is ASCII.
const stringWidth = lazily<typeof import('string-width')>('string-width');
const wrapAnsi = lazily<typeof import('wrap-ansi')>('wrap-ansi');

const PRINTABLE_ASCII = /^[ -~]*$/;
const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Controls, line breaks, and characters that change the direction of text. */
const UNSAFE = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]+/gu;

/**
 * Text from a server or a scenario, made safe. On one line, without escape sequences, controls or changes of direction.
 * All text that is not ours passes through here.
 */
export function safeText(text: string): string {
  return stripVTControlCharacters(text).replace(UNSAFE, ' ').trim();
}

/** Width of text in terminal columns; color codes take none. */
export function displayWidth(text: string): number {
  return PRINTABLE_ASCII.test(text) ? text.length : stringWidth().default(text);
}

/** Pads with blanks on the right. */
export function padRight(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

/** Pads with blanks on the left. */
export function padLeft(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - displayWidth(text))) + text;
}

/** Width of the widest text, in columns; 0 for none. */
export function widest(texts: readonly string[]): number {
  return texts.reduce((width, text) => Math.max(width, displayWidth(text)), 0);
}

/** Uncolored text cut to `width`, with `…` at its end. */
export function shorten(text: string, width: number): string {
  return displayWidth(text) <= width ? text : `${splitAt(text, Math.max(0, width - 1))[0].trimEnd()}…`;
}

/** Uncolored text cut to `width`, with `…` at its beginning. */
export function shortenFront(text: string, width: number): string {
  let over = displayWidth(text) - width;
  if (over <= 0) return text;
  for (const { segment, index } of GRAPHEMES.segment(text)) {
    if (over < 0) return `…${text.slice(index)}`;
    over -= displayWidth(segment);
  }
  return '…';
}

/** Breaks uncolored text into lines, between words where possible. */
export function wrap(text: string, width: number): readonly string[] {
  const lines = wrapAnsi().default(text.replace(/ +/g, ' '), width, { hard: true }).split('\n');
  return lines.map((line) => line.trim()).filter((line) => line !== '');
}

/** Part that fits `width` (at least one grapheme), and the rest. */
function splitAt(text: string, width: number): readonly [string, string] {
  let used = 0;
  for (const { segment, index } of GRAPHEMES.segment(text)) {
    used += displayWidth(segment);
    if (used > width && index > 0) return [text.slice(0, index), text.slice(index)];
  }
  return [text, ''];
}
