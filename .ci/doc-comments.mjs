/**
 * Checks doc comments: a first sentence of at most 12 words, in the field's terms.
 *
 * `node .ci/doc-comments.mjs [FOLDER...]` checks the folders of HELD where none is given.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';

/** Folders that `npm run lint` checks. */
const HELD = ['bin', 'engine', 'reporters', 'scenarios', 'test'];
const LONGEST = 12;
const OPENINGS = /^(what|how|whether|where|when|who|which|the same)\b/i;
const POETRY = [
  /\bso (many|much)\b(?! (as|that))/i,
  /\b(nobody|whoever|whatever|whosoever)\b/i,
  /\b(is|are|was|were|has|have|had) to (be|have)\b/i,
  /\b(tells?|told|tidings|word) of\b/i,
  /\b(comes? of|makes? do|goes on still|gets? on with)\b/i,
];

function filesBelow(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${path}/${name}`)
    .sort();
}

/** Doc comments of a source text, without their asterisks, with the line that each begins in. */
function docComments(source) {
  return [...source.matchAll(/\/\*\*(.*?)\*\//gs)].map((match) => ({
    line: source.slice(0, match.index).split('\n').length,
    text: match[1].replace(/^[ \t]*\*[ \t]?/gm, '').trim(),
  }));
}

/** Text up to the first full stop, empty line or tag. */
function firstSentence(text) {
  const summary = text.split(/\n\s*\n|(?:^|\n)@/)[0] ?? '';
  const end = /(?<!\b(?:e\.g|i\.e|etc|vs|cf))[.!?](?=\s|$)/.exec(summary);
  return (end ? summary.slice(0, end.index) : summary).replace(/\s+/g, ' ').trim();
}

function faults(text) {
  const sentence = firstSentence(text);
  const words = sentence.split(' ').filter((word) => /\w/.test(word)).length;
  const found = [];
  if (words > LONGEST) found.push(`${words} words in the first sentence, at most ${LONGEST} expected`);
  const opening = OPENINGS.exec(sentence);
  if (opening) found.push(`opens with "${opening[0]}", a verb or noun phrase expected`);
  for (const pattern of POETRY) {
    const match = pattern.exec(text.replace(/\s+/g, ' '));
    if (match) found.push(`"${match[0]}": say it in the field's terms`);
  }
  return found;
}

const paths = process.argv.length > 2 ? process.argv.slice(2) : HELD;
for (const path of paths.flatMap(filesBelow)) {
  for (const { line, text } of docComments(readFileSync(path, 'utf8'))) {
    for (const fault of faults(text)) {
      process.stderr.write(`${path}:${line}: ${fault}\n`);
      process.exitCode = 1;
    }
  }
}
