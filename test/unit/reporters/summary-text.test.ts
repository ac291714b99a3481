import assert from 'node:assert/strict';
import { stripVTControlCharacters } from 'node:util';
import type { Summary } from '../../../engine/metrics/snapshot.js';
import { reportHtml } from '../../../reporters/document/html.js';
import { reportMarkdown } from '../../../reporters/document/markdown.js';
import { runReport } from '../../../reporters/run/report.js';
import { summaryText } from '../../../reporters/run/summary.js';
import { displayWidth } from '../../../reporters/terminal-text.js';
import { assertGolden } from './golden.js';
import { empty, failing, healthy, interrupted, open, replicated, troubled } from './summaries.js';

const htmlReport = (summary: Summary) => reportHtml(runReport(summary));
const markdown = (summary: Summary) => reportMarkdown(runReport(summary));

const GOLDEN: Readonly<Record<string, Summary>> = {
  healthy,
  troubled,
  interrupted,
  empty,
  failing,
  replicated,
  open,
};

describe('the text summary', () => {
  for (const [name, summary] of Object.entries(GOLDEN)) {
    it(`of a run that is ${name} looks as in its golden files`, () => {
      assertGolden(`summary-${name}.txt`, summaryText(summary, { color: false }));
      assertGolden(`summary-full-${name}.txt`, summaryText(summary, { color: false, full: true }));
    });

    it(`of a run that is ${name} loses no verdict, failure or caveat where it is short`, () => {
      const [short, full] = [summaryText(summary), summaryText(summary, { full: true })];
      const sections = (text: string) => text.split(/\n\n(?= {2}█ )/);
      const kept = sections(full).filter((part) => /^ {2}█ (FAILURES|SCRIPT ERRORS|HTTP|CAVEATS)/.test(part));
      for (const part of kept) assert.ok(short.includes(part.split('\n    * ')[0]!.trimEnd()), part);
      for (const mark of ['✗', '–']) {
        const thresholds = (text: string) => sections(text).find((part) => part.includes('█ THRESHOLDS')) ?? '';
        assert.equal(thresholds(short).split(mark).length, thresholds(full).split(mark).length, short);
      }
      assert.ok(short.split('\n').length <= full.split('\n').length, short);
    });

    it(`of a run that is ${name} keeps to 80 columns and to printable characters`, () => {
      for (const line of (summaryText(summary) + summaryText(summary, { full: true })).split('\n')) {
        assert.ok(displayWidth(line) <= 80, `${displayWidth(line)} columns: ${line}`);
        assert.doesNotMatch(line, /\p{Cc}|[\u202a-\u202e]/u);
        assert.doesNotMatch(line, /NaN|Infinity|undefined|\[object/);
        assert.equal(line, line.trimEnd());
      }
    });

    it(`of a run that is ${name} says the same in colour, as wide`, () => {
      for (const full of [false, true]) {
        const colored = summaryText(summary, { color: true, full });
        assert.ok(colored.includes('\u001b['));
        assert.equal(stripVTControlCharacters(colored), summaryText(summary, { color: false, full }));
      }
    });
  }

  it('tells how often prompts repeated', () => {
    const use = { file: 'data/zh.jsonl', rows: 5000, draws: 2000, distinct: 500, repeats: 1500, salted: false };
    const once = { ...use, file: 'en.csv', draws: 500, repeats: 0 };
    const salted = { ...use, file: 'salted.txt', salted: true };
    const lines = summaryText({ ...healthy, datasets: [use, once, salted] }, { full: true }).split('\n');
    const told = lines.join(' ').replace(/\s+/g, ' ');
    for (const text of [
      'prompts of zh.jsonl.....: 2,000 drawn 500 of 5,000 rows, 75.00% repeats: a prefix cache may have them',
      'prompts of en.csv.......: 500 drawn 500 of 5,000 rows, no repeats',
      'prompts of salted.txt...: 2,000 drawn 500 of 5,000 rows, 75.00% repeats, each made unique by a salt',
    ]) {
      assert.ok(told.includes(text), told);
    }
    for (const line of lines) assert.ok(displayWidth(line) <= 80, line);
  });

  it('gives servers with long names lines of their own', () => {
    const long = 'vllm-7.vllm-headless.inference.svc.cluster.local:8000';
    const text = summaryText(JSON.parse(JSON.stringify(replicated).replaceAll('10.0.0.8:8000', long)) as Summary, {
      color: false,
    });
    assert.match(text, new RegExp(`^ {4}${long}\\n +220 +100 +69.90ms +95.70ms\\* +212.72$`, 'm'));
    for (const line of text.split('\n')) assert.ok(displayWidth(line) <= 80, line);
  });

  it('survives names that are as long as a metric name may be', () => {
    const name = 'm'.repeat(128);
    const [trend, counter] = [healthy.metrics.llm_ttft!, healthy.metrics.llm_requests!];
    const text = summaryText(
      { ...healthy, metrics: { [name]: trend, [`${name}{name:${name}}`]: counter } },
      { color: false },
    );
    for (const line of text.split('\n')) assert.ok(displayWidth(line) <= 80, line);
  });

  it('shows the ten most frequent failures and counts the rest', () => {
    const failures = Array.from({ length: 14 }, (_, index) => ({
      ...failing.failures[0]!,
      kind: `kind_${index}`,
      count: index + 1,
    }));
    const text = summaryText({ ...failing, failures }, { color: false });
    assert.match(text, /kind_13 .*×14/);
    assert.doesNotMatch(text, /kind_3 /);
    assert.match(text, /… and 4 further groups, ×10\n/);
  });

  it('tells failures of one server apart by the ends of their URLs', () => {
    const failures = ['orders', 'users'].map((path) => ({
      ...failing.failures[0]!,
      name: `https://shop.example.com/v1/${path}`,
    }));
    const text = summaryText({ ...failing, failures }, { color: false });
    assert.match(text, /…\S*\/v1\/orders {2}/);
    assert.match(text, /…\S*\/v1\/users {2}/);
  });

  it('says where plain HTTP requests have no samples in its window', () => {
    const duration = { ...healthy.metrics.llm_e2e!, values: {} };
    const text = summaryText({ ...healthy, metrics: { http_req_duration: duration } }, { color: false });
    assert.match(text, /^ {4}http_req_duration\.\.\.: \(no samples\)$/m);
  });

  it('names the window of a threshold that is not of the headline window', () => {
    const result = { ...healthy.thresholds[0]!, window: 'whole' } as const;
    const titled = (metric: string) => summaryText({ ...healthy, thresholds: [{ ...result, metric }] }, { full: true });
    assert.match(titled('llm_ttft'), /^ {4}✓ llm_ttft \{window:whole\} {2}p/m);
    assert.match(titled('llm_ttft{window:whole}'), /^ {4}✓ llm_ttft\{window:whole\} {2}p/m);
  });

  it('shows latencies from schedule beside those from sending where a rate was asked for, and only there', () => {
    assert.match(summaryText(open), /E2E .*\n\n {4}from schedule .*\n {4}TTFT .* 71\.20ms .*\n {4}E2E .* 1\.32s /);
    const users = { ...open, plan: healthy.plan };
    assert.doesNotMatch(summaryText(users), /from schedule/);
  });

  it('takes a trace for open, as every executor whose load is one', () => {
    const [first] = open.plan.scenarios;
    const trace = { ...open, plan: { ...open.plan, scenarios: [{ ...first!, executor: 'trace' as const }] } };
    assert.match(summaryText(trace), /from schedule/);
    assert.match(htmlReport(trace), /from schedule/);
  });

  it('shows the time to the answer beside TTFT where reasoning came first, and only there', () => {
    const later = { ...healthy.metrics.llm_ttft!, values: { ...healthy.metrics.llm_ttft!.values, avg: 1234 } };
    const reasoned = { ...healthy, metrics: { ...healthy.metrics, llm_ttft_answer: later } };
    for (const report of [summaryText, htmlReport, markdown]) {
      assert.match(report(reasoned), /TTFT answer/, report.name);
      assert.doesNotMatch(report(healthy), /TTFT answer/, report.name);
    }
  });

  it('keeps figures beside the short labels where a long one leaves no room for them', () => {
    const times = { avg: 1234.5, min: 121.5, med: 121.5, 'p(90)': 121.5, 'p(95)': 121.5, 'p(99)': 121.5, max: 121.5 };
    const later = { ...healthy.metrics.llm_ttft!, values: { ...times, count: 100 } };
    const metrics = { ...healthy.metrics, llm_ttft_answer: later };
    const text = summaryText({ ...healthy, metrics }, { full: true, width: 80 });
    assert.match(text, /^ {4}TTFT answer\n {4,}1\.23s /m);
    assert.match(text, /^ {4}TTFT {2,}\d/m);
  });

  it('tells what the generator has added to latencies', () => {
    const told = (inflation: Summary['quality']['inflation']) =>
      /- the generator[^-*]*/.exec(summaryText({ ...healthy, quality: { ...healthy.quality, inflation } }))?.[0];
    assert.equal(
      told({ ttft: 0.41, itl: 0.13, p99: 3.04 })?.replace(/\s+/g, ' ').trim(),
      '- the generator added about 0.4 ms to TTFT and 0.1 ms to ITL (p99 3.0 ms)',
    );
    assert.match(told({ ttft: 0.01, itl: 0.01, p99: 0.04 }) ?? '', /about 0\.0 ms to TTFT and 0\.0 ms to ITL \(p99/);
    assert.equal(told(null), undefined);
  });
});
