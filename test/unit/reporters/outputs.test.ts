import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { UserError } from '../../../engine/errors.js';
import { FORMATS } from '../../../reporters/formats.js';
import { checkOutputs, openReporter, readOutputs, renderOutput } from '../../../reporters/outputs.js';
import { findTextSummary, TEXT_SUMMARIES } from '../../../reporters/text-summaries.js';
import { testFolder } from '../../support/folder.js';
import { blocks, rowsBelow } from '../../support/page.js';
import { empty, failing, healthy, interrupted, open, replicated, troubled } from './summaries.js';

const SUMMARIES = { healthy, troubled, interrupted, empty, failing, replicated, open };

describe('--out', () => {
  const folder = testFolder();

  it('takes everything behind the first equals sign as the path', () => {
    const [output] = readOutputs(['json=a=b,c:d.json']);
    assert.deepEqual([output?.format.name, output?.path, [...(output?.options ?? [])]], ['json', 'a=b,c:d.json', []]);
  });

  it('takes the same report twice as one', () => {
    assert.equal(readOutputs(['json=a/b.json', 'json=a/../a/b.json', 'json=c.json']).length, 2);
  });

  const problems: readonly (readonly [readonly string[], RegExp])[] = [
    [['run.json'], /^expected FORMAT=PATH, got "run.json"$/],
    [['json='], /^expected FORMAT=PATH, got "json="$/],
    [['=run.json'], /^expected FORMAT=PATH/],
    [['jsn=a'], /^"jsn=a": there is no format called "jsn"; did you mean "json"\?$/],
    [['json:pretty=a'], /^"json:pretty=a": json has no option "pretty"; it has none$/],
    [['requests=a.txt'], /^"requests=a.txt": expected a name that ends in \.jsonl or \.csv/],
    [['requests:gap=a.csv'], /has no option "gap"; did you mean "gaps"\?; it has gaps$/],
    [['json=a', 'requests=b.csv', 'k6-json=./b.csv'], /^"requests=b.csv" and "k6-json=.\/b.csv" are one file$/],
    [['jsn=a', 'json'], /^"jsn=a": .*\nexpected FORMAT=PATH, got "json"$/],
  ];
  for (const [texts, message] of problems) {
    it(`refuses ${texts.join(' and ')}`, () => {
      assert.throws(
        () => readOutputs(texts),
        (error) =>
          error instanceof UserError &&
          message.test(error.message) &&
          error.where === '--out' &&
          FORMATS.every(({ name }) => error.hint?.includes(name)),
      );
    });
  }

  for (const format of FORMATS) {
    it(`${format.name} has something to say of every run, with every option`, () => {
      for (const options of [[], ...Object.keys(format.options ?? {}).map((option) => [option])]) {
        const [output] = readOutputs([`${[format.name, ...options].join(':')}=${format.example}`]);
        assert.ok(output);
        for (const [name, summary] of Object.entries(SUMMARIES)) {
          for (const { path, content } of renderOutput(output, summary)) {
            assert.ok(path.startsWith(format.example));
            assert.ok(content.length > 0, `${path} of a run that is ${name}`);
            assert.doesNotMatch(String(content), /\[object Object\]/);
          }
        }
      }
    });

    it(`${format.name} writes its files where it is told to`, async () => {
      const path = `${folder.path}/new/${basename(format.example)}`;
      const [output] = readOutputs([`${format.name}=${path}`]);
      assert.ok(output);
      await checkOutputs([output]);
      const reporter = openReporter(output);
      await reporter.onLastRecord?.();
      await reporter.onEnd?.(healthy);
      for (const { suffix } of format.open ? [{ suffix: '' }] : format.files) {
        assert.ok(existsSync(path + suffix));
      }
    });

    it(`${format.name} is refused before the load where a folder is in its place`, async () => {
      const name = `taken/${basename(format.example)}`;
      const [output] = readOutputs([`${format.name}=${folder.path}/${name}`]);
      assert.ok(output);
      folder.write(`${name}${format.files[0]?.suffix ?? ''}/x`, '');
      await assert.rejects(
        checkOutputs([output]),
        (error) => error instanceof UserError && /a folder/.test(error.message),
      );
    });
  }

  it('is shown in docs/reports.md with every format at once', () => {
    const command = blocks('docs/reports.md', 'sh').find((block) => block.includes('-u 64')) ?? '';
    const shown = [...command.matchAll(/--out (\S+)/g)].map(([, text = '']) => text);
    const names = readOutputs(shown).map(({ format }) => format.name);
    assert.deepEqual(
      names,
      FORMATS.map(({ name }) => name),
    );
  });

  it('stands in docs/reports.md with every format', () => {
    const told = rowsBelow('reports.md', '## Formats').map((row) => row.map((cell) => cell.replaceAll('`', '')));
    assert.deepEqual(
      told,
      FORMATS.map(({ name, files, open, options = {}, meaning }) => [
        name,
        open ? 'PATH' : files.map(({ suffix }) => `PATH${suffix}`).join(', '),
        Object.keys(options).join(', '),
        meaning.replaceAll('`', ''),
      ]),
    );
  });
});

describe('--summary', () => {
  for (const { name, render } of TEXT_SUMMARIES) {
    it(`${name} has something to say of every run, and stands in docs/reports.md`, () => {
      for (const summary of Object.values(SUMMARIES)) assert.equal(render(summary) === '', name === 'none');
      const names = rowsBelow('reports.md', '## Summaries').map(([cell]) => cell);
      assert.ok(names.includes(`\`${name}\``), names.join());
    });
  }

  it('is the text where nothing else is asked for', () => assert.equal(findTextSummary().name, 'text'));
});
