import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { configError, messageOf } from '../errors.js';
import { charactersOf, runsOf } from '../tokens/scripts.js';
import { type CountedBy, compareTokens, type TokenComparison } from '../tokens/token-comparison.js';
import { openTokenizer, type TextTokenizer } from '../tokens/tokenizer.js';
import { textOf } from './message-text.js';
import { recordsOf } from './records.js';
import { isSilent, promptOf } from './row-prompt.js';

/** Extensions of data sets; any other file is one text. */
const DATA_SETS = ['.jsonl', '.ndjson', '.json', '.csv', '.tsv'];

/**
 * Counts the tokens of a file by several models' tokenizers. A text file counts as a whole, a data set by its messages.
 * Throws a UserError.
 */
export function countTokens(file: string, tokenizers: readonly string[]): TokenComparison {
  const opened = tokenizers.map(openTokenizer);
  const { texts, leftOut } = textsOf(file);
  const whole = texts.map((text) => ({ text, ...runsOf(text) }));
  const sum = (parts: readonly string[], measure: (part: string) => number) => {
    return parts.reduce((total, part) => total + measure(part), 0);
  };
  const counted = opened.map(({ count, path, doubts }, index): CountedBy => {
    const of = (pick: (each: (typeof whole)[number]) => readonly string[]) => {
      return whole.reduce((total, each) => total + sum(pick(each), count), 0);
    };
    const counts = {
      all: of(({ text }) => [text]),
      chinese: of((each) => each.chinese),
      other: of((each) => each.other),
    };
    return { name: nameOf(opened, index), path, counts, doubts };
  });
  const characters = sum(texts, charactersOf);
  const chinese = whole.reduce((total, each) => total + sum(each.chinese, charactersOf), 0);
  return compareTokens(file, { texts: texts.length, characters, chinese, ...(leftOut > 0 && { leftOut }) }, counted);
}

/** Short name where it is unique, else the path. */
function nameOf(all: readonly TextTokenizer[], index: number): string {
  const own = all[index]?.name ?? '';
  return all.filter(({ name }) => name === own).length > 1 ? (all[index]?.path ?? own) : own;
}

function textsOf(file: string): { readonly texts: readonly string[]; readonly leftOut: number } {
  if (DATA_SETS.includes(extname(file.replace(/\.gz$/i, '')).toLowerCase())) {
    const texts: string[] = [];
    let leftOut = 0;
    for (const { row, where } of recordsOf(file, {}).all) {
      const prompt = promptOf(row);
      if (typeof prompt !== 'string') texts.push(textOf(prompt.messages));
      else if (isSilent(row)) leftOut += 1;
      else throw configError(where, prompt, FORMS);
    }
    return { texts, leftOut };
  }
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw configError(file, `the text cannot be read: ${messageOf(error)}`, FORMS);
  }
  if (!isUtf8(bytes)) throw configError(file, 'the text is not UTF-8', FORMS);
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  if (text === '') throw configError(file, 'the file is empty', FORMS);
  return { texts: [text], leftOut: 0 };
}

const FORMS = 'name a text file, or a data set in a form that docs/data.md shows';
