import assert from 'node:assert/strict';
import { join } from 'node:path';
import { ROOT } from '../support/command.js';
import { rowsIn } from './data/rows-in.js';

interface Shipped {
  readonly prompt: string;
  readonly kind: string;
  readonly output_tokens: number;
}

/** Set of all substrings of a text with this length. */
function parts(text: string, length: number): Set<string> {
  return new Set(Array.from({ length: Math.max(1, text.length - length) }, (_, at) => text.slice(at, at + length)));
}

/** Share of the shorter text's substrings that the other text has too. */
function overlap(one: Set<string>, other: Set<string>): number {
  const [small, large] = one.size < other.size ? [one, other] : [other, one];
  let common = 0;
  for (const part of small) if (large.has(part)) common += 1;
  return common / small.size;
}

for (const [language, least, longest, isOf, part] of [
  ['zh', 300, 700, /\p{Script=Han}/u, 4],
  ['en', 200, 1500, /[a-z]/, 10],
] as const) {
  describe(`the prompts that are shipped, ${language}`, () => {
    const path = join(ROOT, `scenarios/data/prompts.${language}.jsonl`);
    const rows = rowsIn(path, { format: 'vllm' }) as unknown as readonly Shipped[];
    const lengths = rows.map(({ prompt }) => prompt.length).sort((a, b) => a - b);
    const shortest = (share: number) => lengths[Math.floor(share * lengths.length)] ?? 0;

    it(`are at least ${least}, of their language, and each has a kind and a length of its answer`, () => {
      assert.ok(rows.length >= least, String(rows.length));
      for (const { prompt, kind, output_tokens: tokens, ...more } of rows) {
        assert.match(prompt, isOf);
        assert.equal(prompt, prompt.trim());
        assert.match(kind, /^[a-z]+$/);
        assert.ok(Number.isInteger(tokens) && tokens >= 30 && tokens <= 500, prompt);
        assert.deepEqual(more, {});
      }
    });

    it('are no two alike, not even in half of what they say', () => {
      const all = rows.map(({ prompt }) => parts(prompt, part));
      for (const [index, one] of all.entries()) {
        for (let other = 0; other < index; other += 1) {
          const shared = overlap(one, all[other]!);
          assert.ok(shared < 0.5, `${rows[index]?.prompt}\n${rows[other]?.prompt}`);
        }
      }
    });

    it('are of many kinds, none of which prevails', () => {
      const kinds = new Map(rows.map(({ kind }) => [kind, rows.filter((row) => row.kind === kind)]));
      assert.ok(kinds.size >= 20, [...kinds.keys()].join());
      for (const [kind, some] of kinds) {
        assert.ok(some.length >= 4 && some.length < rows.length * 0.15, `${kind}: ${some.length}`);
      }
    });

    it('are of many lengths: short questions, passages of a page, and what lies between', () => {
      assert.ok(shortest(0.1) < shortest(0.5) / 1.5, `${shortest(0.1)} ${shortest(0.5)}`);
      assert.ok(shortest(0.95) > shortest(0.5) * 4, `${shortest(0.95)}`);
      assert.ok((lengths.at(-1) ?? 0) > longest, String(lengths.at(-1)));
      const answers = new Set(rows.map((row) => row.output_tokens));
      assert.ok(answers.size >= 25, String(answers.size));
    });
  });
}
