/**
 * Pattern of Chinese text: Han characters with their punctuation. Also the full-width forms among them (Unicode:
 * Script=Han, CJK Symbols and Punctuation, Halfwidth and Fullwidth Forms, and the quotes and dashes of U+2014 to
 * U+2026).
 */
const CHINESE =
  /[\p{Script=Han}\u3000-\u303f\uff00-\uffef]+(?:[\u2014\u2018-\u201d\u2026]+[\p{Script=Han}\u3000-\u303f\uff00-\uffef]*)*/gu;

/** Runs of Chinese and other text, in order. */
export interface Runs {
  readonly chinese: readonly string[];
  readonly other: readonly string[];
}

/** Splits a text into runs. */
export function runsOf(text: string): Runs {
  const chinese = text.match(CHINESE) ?? [];
  return { chinese, other: text.split(CHINESE).filter((run) => run !== '') };
}

/** Characters of a text, as Unicode code points. An emoji beyond U+FFFF is one. */
export function charactersOf(text: string): number {
  let characters = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    // A low surrogate belongs to the character before.
    if (code < 0xdc00 || code > 0xdfff) characters += 1;
  }
  return characters;
}
