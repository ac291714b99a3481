import { stripVTControlCharacters } from 'node:util';

/** Text in terminal columns; Chinese and emoji take two, combining marks none. */

const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Blocks of wide or fullwidth characters (Unicode East Asian Width); JavaScript has no property for it. */
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18cff}\u{1b000}-\u{1b2ff}\u{1f200}-\u{1f265}\u{20000}-\u{3fffd}]/u;
const EMOJI = /^\p{Emoji_Presentation}|\ufe0f/u;
const INVISIBLE = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]+$/u;
const PRINTABLE_ASCII = /^[ -~]*$/;

/** Controls, line breaks, and characters that change the direction of text. */
const UNSAFE = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]+/gu;

/**
 * Text from a server or a scenario, made safe: on one line, without escape sequences, controls or changes of direction.
 * All text that is not ours passes through here.
 */
export function safeText(text: string): string {
  return stripVTControlCharacters(text).replace(UNSAFE, ' ').trim();
}

/** Width of text in terminal columns; color codes take none. */
export function displayWidth(text: string): number {
  if (PRINTABLE_ASCII.test(text)) return text.length;
  let width = 0;
  for (const { segment } of GRAPHEMES.segment(stripVTControlCharacters(text))) width += graphemeWidth(segment);
  return width;
}

function graphemeWidth(grapheme: string): number {
  if (INVISIBLE.test(grapheme)) return 0;
  return WIDE.test(grapheme) || EMOJI.test(grapheme) ? 2 : 1;
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
    over -= graphemeWidth(segment);
  }
  return '…';
}

/** Breaks uncolored text into lines, between words where possible. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').filter((part) => part !== '')) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (displayWidth(joined) <= width) {
      line = joined;
      continue;
    }
    // Chinese has no blanks between words: text longer than a line continues on this one.
    let rest = displayWidth(word) > width ? joined : word;
    if (rest === word && line !== '') lines.push(line);
    while (displayWidth(rest) > width) {
      const [first, after] = splitAt(rest, width);
      lines.push(first.trimEnd());
      rest = after.trimStart();
    }
    line = rest;
  }
  return line === '' ? lines : [...lines, line];
}

/** Part that fits `width` (at least one grapheme, so that wrapping ends), and the rest. */
function splitAt(text: string, width: number): readonly [string, string] {
  let used = 0;
  for (const { segment, index } of GRAPHEMES.segment(text)) {
    used += graphemeWidth(segment);
    if (used > width && index > 0) return [text.slice(0, index), text.slice(index)];
  }
  return [text, ''];
}
