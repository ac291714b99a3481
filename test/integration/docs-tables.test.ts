import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILT_IN, type BuiltInMetric } from '../../engine/metrics/catalogue.js';
import { defaultOf } from '../../engine/options/option.js';
import { OPTIONS, type OptionRow } from '../../engine/options/option-table.js';
import { ROOT } from '../support/command.js';

const code = (text: string | undefined) => (text ? `\`${text}\`` : '');

/** Table in Markdown. Empty cells have one space. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |\n`)
    .join('')
    .replace(/ {2,}/g, ' ');
}

/** Table of some options. */
function optionTable(heading: string, belongs: (row: OptionRow) => boolean): string {
  const rows = OPTIONS.filter(belongs).map((row) => {
    const { name, flag, variable, meaning, docs = meaning, otherwise } = row;
    const isWords = otherwise !== undefined && !/^\w+$/.test(otherwise);
    const byDefault = isWords ? otherwise : code(defaultOf(row) || (row.kind === 'switch' ? 'false' : ''));
    return [code(name), (flag ?? '').split(', ').map(code).join(', '), code(variable), byDefault, docs];
  });
  return table([heading, 'flag', 'variable', 'default', 'meaning'], rows);
}

/** Table of the metrics whose names match. */
function metricTable(names: RegExp): string {
  const rows = Object.entries<Partial<BuiltInMetric>>(BUILT_IN).flatMap(([name, { definition, ...info }]) =>
    definition === undefined || !names.test(name) ? [] : [[code(name), kindOf(info), definition]],
  );
  return table(['metric', 'kind', 'definition'], rows);
}

function kindOf({ kind, contains, tally, derived }: Partial<BuiltInMetric>): string {
  if (tally) return 'counter with a distribution';
  if (derived) return 'derived';
  return `${kind}${contains === 'time' ? ', ms' : contains === 'data' ? ', bytes' : ''}`;
}

describe('the documentation', () => {
  const pages: readonly (readonly [page: string, head: RegExp, tables: readonly string[]])[] = [
    [
      'docs/options.md',
      /^\| (?:key \| |\| )flag/,
      [optionTable('key', ({ schema }) => schema !== undefined), optionTable('', ({ schema }) => schema === undefined)],
    ],
    ['docs/metrics.md', /^\| metric \| kind \|/, [metricTable(/^llm_/), metricTable(/^(?!llm_|http_)/)]],
    ['docs/http.md', /^\| metric \| kind \|/, [metricTable(/^http_/)]],
  ];
  for (const [page, head, tables] of pages) {
    it(`${page} has the tables that follow from the definitions of the code`, () => {
      const file = join(ROOT, page);
      const before = readFileSync(file, 'utf8');
      const left = [...tables];
      const after = before.replace(/^\|.*\n(?:\|.*\n)*/gm, (old) => (head.test(old) ? (left.shift() ?? '') : old));
      if (process.env.UPDATE_GOLDEN) writeFileSync(file, after);
      else assert.equal(before, after, 'UPDATE_GOLDEN=1 writes them anew');
      assert.equal(left.length, 0, 'all tables stand in the page');
    });
  }
});
