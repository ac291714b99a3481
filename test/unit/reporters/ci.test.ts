import assert from 'node:assert/strict';
import type { Summary } from '../../../engine/metrics/snapshot.js';
import { reportMarkdown } from '../../../reporters/document/markdown.js';
import { junit } from '../../../reporters/junit.js';
import { k6Summary } from '../../../reporters/k6-summary.js';
import { runReport } from '../../../reporters/run/report.js';
import { assertGolden } from './golden.js';
import { empty, failing, healthy, interrupted, troubled } from './summaries.js';

const markdown = (summary: Summary) => reportMarkdown(runReport(summary));

const SUMMARIES: Readonly<Record<string, Summary>> = { healthy, troubled, interrupted, empty, failing };

/** A name of characters that are special somewhere. */
const NASTY = 'a|b `c` *d* <img src=x onerror=alert(1)> ]]> "e" \'f\' & =1+1\n## g\u0000\u001b[31m\u202e';

const nasty: Summary = {
  ...healthy,
  run: { ...healthy.run, scenario: NASTY, outcome: 'aborted', reason: NASTY },
  checks: [{ name: NASTY, scenario: NASTY, group: `::${NASTY}`, passes: 1, fails: 2 }],
  failures: [{ ...failing.failures[0]!, name: NASTY, message: NASTY }],
  thresholds: [{ ...healthy.thresholds[0]!, metric: `llm_ttft{name:${NASTY}}`, ok: false }],
};

describe('the JUnit report', () => {
  for (const [name, summary] of Object.entries({ ...SUMMARIES, nasty })) {
    it(`of a run that is ${name} looks as in its golden file`, () => assertGolden(`junit-${name}.xml`, junit(summary)));
  }

  it('counts what failed in each suite and in all', () => {
    const xml = junit(nasty);
    const counts = [...xml.matchAll(/<testsuites? name="[^"]*" tests="(\d+)" failures="(\d+)"/g)].map(
      ([, ...found]) => found,
    );
    assert.deepEqual(counts, [
      ['3', '3'],
      ['1', '1'],
      ['1', '1'],
      ['1', '1'],
    ]);
    assert.equal(xml.match(/<failure /g)?.length, 3);
    assert.equal(xml.match(/<testcase /g)?.length, 3);
  });

  it('lets nothing through that is markup or no character of XML', () => {
    const xml = junit(nasty);
    for (const line of xml.split('\n')) assert.doesNotMatch(line, /<img|\p{Cc}|\u202e/u);
    assert.doesNotMatch(xml, /&(?!(amp|lt|gt|quot|apos);)/);
  });
});

describe('the Markdown report', () => {
  for (const [name, summary] of Object.entries({ ...SUMMARIES, nasty })) {
    it(`of a run that is ${name} looks as in its golden file`, () => {
      assertGolden(`markdown-${name}.md`, markdown(summary));
    });
  }

  it('keeps names from being markup', () => {
    const text = markdown(nasty);
    for (const line of text.split('\n')) {
      assert.doesNotMatch(line, /<img|^## g|[^\\]`c|[^\\]\*d|\p{Cc}|\u202e/u);
      if (line.startsWith('|')) assert.ok(line.endsWith(' |'), line);
    }
  });
});

describe("the summary in k6's form", () => {
  for (const [name, summary] of Object.entries({ healthy, troubled, empty })) {
    it(`of a run that is ${name} looks as in its golden file`, () => {
      assertGolden(`k6-summary-${name}.json`, k6Summary(summary));
    });
  }
});
