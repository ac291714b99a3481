import assert from 'node:assert/strict';
import type { FailureGroup } from '../../../../engine/metrics/delta.js';
import type { Snapshot } from '../../../../engine/metrics/snapshot.js';
import { History } from '../../../../reporters/dashboard/history.js';
import type { PanelName } from '../../../../reporters/dashboard/layout.js';
import { panelOf } from '../../../../reporters/dashboard/panels/index.js';
import type { Choice } from '../../../../reporters/dashboard/view.js';
import { displayWidth } from '../../../../reporters/terminal-text.js';
import { midway } from '../snapshots.js';
import { seconds, viewOf } from './views.js';

const SIZE = { width: 79, height: 8 };

/** The lines of a panel, without what is blank at their ends. */
function lines(name: PanelName, change: Partial<Snapshot> = {}, choice: Partial<Choice> = {}, size = SIZE) {
  const view = viewOf(change);
  const chosen = { ...view, choice: { ...view.choice, ...choice } };
  return panelOf(name, chosen, size, undefined).lines.map((line) => line.trimEnd());
}

const FAILURE: FailureGroup = {
  ...{ scenario: 'peak', method: 'POST', name: '聊天', kind: 'http_status', status: 500, count: 12 },
  ...{ message: 'HTTP 500: 服务器\u001b[31m出错了\u001b[2J', firstAt: 2000, lastAt: 9000 },
};

describe('the panels of the dashboard', () => {
  const tables: readonly (readonly [string, PanelName, Partial<Snapshot>, readonly RegExp[]])[] = [
    [
      'say what runs against what, how far it is and what it has come to',
      'head',
      {},
      [
        /^ scenarios\/quickstart.ts {2}→ {2}127.0.0.1:9009\/v1 {2}sim +holding {2}00:12 \/ 00:25$/,
        /^ peak █+░+ {2}48% {2}20 of 20 users, 143 iterations/,
        /^ 20 users, peak 20 {2}19 in flight {2}143 requests {2}0 failed {2}9.00\/s, 540\/min/,
      ],
    ],
    [
      'say when a scenario starts and how many users arrivals may take',
      'head',
      {
        scenarios: [
          { ...midway.scenarios[0]!, name: 'later', state: 'waiting', startTime: 90_000, progress: 0 },
          { ...midway.scenarios[0]!, name: 'rate', planned: null, vus: 3, maxVus: 50 },
        ],
      },
      [/./, /^ later .* 0% {2}starts at 01:30/, /^ rate .* 3 of up to 50 users/],
    ],
    ['show the speed', 'throughput', {}, [/^█ TOKENS\/S {2}output 511 {2}total 611 {2}9.00 requests\/s, 540\/min$/]],
    ['show a latency', 'latency', {}, [/^█ TTFT {2}p50 50ms {2}p95 60ms {2}p99 75ms$/, /^80ms │/]],
    ['show the others', 'latency4', {}, [/^█ E2E {2}p50 1.1s {2}p95 1.32s {2}p99 1.65s$/]],
    ['show users and the plan', 'users', {}, [/^█ USERS {2}now 20 {2}in flight 19 {2}planned 20/, /^20 │/]],
    [
      'show thresholds, goodput and checks',
      'thresholds',
      {
        thresholds: [
          midway.thresholds[0]!,
          { ...midway.thresholds[0]!, metric: 'llm_failed', source: 'rate<0.01', observed: 0 },
        ],
        checks: [{ name: '回答了', scenario: 'peak', group: '', passes: 9, fails: 1 }],
      },
      [
        /^█ THRESHOLDS {2}2 of 2 hold$/,
        /^ ✗ check 回答了 {2}90.00% {2}1 failed$/,
        /^ ✓ llm_ttft p\(95\)<500 +[\d.]+ms$/,
        /^ ✓ llm_failed rate<0.01 +0.00%$/,
        /goodput 98.00%/,
      ],
    ],
    [
      'show a threshold that has seen nothing yet',
      'thresholds',
      { thresholds: [{ ...midway.thresholds[0]!, observed: undefined }], checks: [] },
      [/none counted yet/, /^ – llm_ttft.*counted from the hold on$/],
    ],
    [
      'show a threshold that saw nothing to the end',
      'thresholds',
      { thresholds: [{ ...midway.thresholds[0]!, observed: undefined, ok: false }], checks: [] },
      [/0 of 1 hold/, /^ ✗ llm_ttft.*no samples$/],
    ],
    [
      'show failures with when and what, free of escape sequences',
      'failures',
      { failures: [FAILURE] },
      [/^█ FAILURES {2}12$/, /^ ✗ http_status 500 {2}×12 {2}3s ago {2}聊天$/, /^ {3}HTTP 500: 服务器出错了$/],
    ],
    ['say that there is no failure', 'failures', {}, [/^█ FAILURES {2}none$/]],
    [
      'show mistakes of the script and warnings',
      'failures',
      {
        errors: [{ scenario: 'peak', message: 'TypeError: x', where: 'my.ts:3:1', stack: '', count: 4 }],
        warnings: ['insufficient VUs'],
      },
      [/^█ FAILURES {2}errors of the script$/, /^ ✗ my.ts:3:1 {2}×4$/, /^ {3}TypeError: x$/, /^ ! insufficient VUs$/],
    ],
    [
      'show how the generator is getting on, and whether to believe it',
      'health',
      {
        health: {
          workers: [0, 1].map((worker) => ({ worker, utilization: 0.97, loopDelay: 8 })),
          lateness: 4,
          memory: 2e8,
        },
        quality: { verdict: 'suspect', reasons: ['a worker was busy'], notes: ['a note'], inflation: null },
      },
      [
        /^█ GENERATOR {2}numbers suspect so far$/,
        /^ ! a worker was busy$/,
        /event-loop delay p99 8ms, busiest worker 97%/,
        /0 dropped, memory 200 MB/,
        /worker 1 97% busy 8ms late, worker 2/,
        /^ - a note$/,
      ],
    ],
    ['say that no request has ended', 'table', { rows: [] }, [/^█ REQUESTS/, /^ none has finished yet$/]],
  ];
  for (const [what, name, change, expected] of tables) {
    it(what, () => {
      const found = lines(name, change);
      for (const [index, pattern] of expected.entries()) assert.match(found[index] ?? '', pattern);
    });
  }

  const [row] = midway.rows;
  const rows = ['客服问答', 'b', '写一首很长的诗并且翻译成很多种不同的语言然后再写一次', 'd', 'e', 'f'].map(
    (name, index) => {
      return { ...row!, name, requests: (index + 1) * 1234 };
    },
  );

  it('show the sessions of agents before their requests, where there is little room', () => {
    const totals = { ...midway.totals, failed: 0, sessions: { live: 4, ended: 12, failed: 1, depth: 1571 } };
    const [, , line = ''] = lines('head', { totals }, {}, { width: 80, height: 3 });
    assert.match(line, /^ \d+ users, peak \d+ {2}4 sessions at work, 12 ended \(1 failed\), 1,571 tokens deep/);
  });

  it('count plain HTTP requests where there are no others', () => {
    const totals = { ...midway.totals, requests: 0, outputTokens: 0, http: { requests: 1200, failed: 12 } };
    const [, , line = ''] = lines('head', { totals }, {}, { width: 100, height: 3 });
    assert.match(line, /in flight {2}1,200 HTTP requests {2}12 failed \(1\.00%\)/);
    assert.doesNotMatch(line, /tokens/);
  });

  it('draw the rate and the duration of plain HTTP where there are no tokens', () => {
    const history = new History();
    let last = midway;
    seconds(12).forEach((snapshot, at) => {
      const requests = (at + 1) * 40;
      const totals = { ...midway.totals, requests: 0, http: { requests, failed: at + 1 } };
      // 100 ms each, and 200 ms each in the last second.
      const aggregated = { ...midway.aggregated, requests, avg: at === 11 ? (100 * 440 + 200 * 40) / 480 : 100 };
      last = { ...snapshot, elapsed: (at + 1) * 1000, totals, aggregated };
      history.add(last);
    });
    const drawn = (name: PanelName) => panelOf(name, viewOf(last, { history }), SIZE, undefined).lines[0] ?? '';
    assert.match(drawn('throughput'), /^█ HTTP REQUESTS\/S {2}now 40\.0 {2}failed 1\.00$/);
    assert.match(drawn('latency'), /^█ HTTP DURATION {2}mean 200ms {2}so far p50 /);
    assert.doesNotMatch(drawn('footer'), /Tab/);
    const table = panelOf('table', viewOf(last, { history }), { width: 120, height: 8 }, undefined).lines.join('\n');
    assert.doesNotMatch(table, /TTFT|TPOT|tok\/s/);
  });

  it('leave gaps in their curves where seconds are missing', () => {
    const history = new History();
    for (const snapshot of seconds(12, (second) => second >= 4 && second < 7)) history.add(snapshot);
    const { drawing } = panelOf('throughput', viewOf({}, { history }), { width: 60, height: 12 }, undefined);
    const green = drawing?.strokes.filter(({ color }) => color === 'green') ?? [];
    assert.equal(green.length, 2);
  });

  it('keep the columns of the table aligned, whatever the names are written in', () => {
    const [, head = '', ...found] = lines('table', { rows });
    for (const line of found) assert.equal(displayWidth(line), displayWidth(head), line);
    assert.match(head, /^ name .* reqs fails +avg/);
    assert.match(found[0] ?? '', /^ 客服问答 +1,234 /);
    assert.match(found[2] ?? '', /^ 写一首很.*… +3,702 /);
    assert.match(found.at(-1) ?? '', /^ Aggregated/);
  });

  it('sort and scroll the table, and say where in it one is', () => {
    assert.match(lines('table', { rows }, { order: 'requests' })[2] ?? '', /^ f /);
    const scrolled = lines('table', { rows }, { down: 99 });
    assert.match(scrolled[0] ?? '', /by name {2}2 to 6 of 6/);
    assert.match(scrolled[2] ?? '', /^ b /);
  });

  it('shorten the name of a threshold rather than what was observed', () => {
    const threshold = { ...midway.thresholds[0]!, metric: 'llm_ttft{name:a rather long name}', observed: 62.46 };
    const found = lines('thresholds', { thresholds: [threshold] }, {}, { width: 39, height: 4 });
    assert.match(found[1] ?? '', /^ ✓ llm_ttft\{name:a rather.*… {2}62.46ms$/);
  });

  it('cut passed thresholds before failed ones', () => {
    const held = { ...midway.thresholds[0]! };
    const failed = { ...held, metric: 'llm_e2e', source: 'p(95)<1', ok: false };
    const check = (name: string, fails: number) => ({ name, scenario: 'peak', group: '', passes: 9, fails });
    const checks = [check('right', 0), check('wrong', 2)];
    const found = lines('thresholds', { thresholds: [held, held, failed], checks }, {}, { width: 60, height: 4 });
    assert.deepEqual(
      found.slice(1).map((line) => line.trim().slice(0, 13)),
      ['✗ llm_e2e p(9', '✗ check wrong', '… 4 more'],
    );
  });

  it('show the columns that do not fit when they are scrolled to', () => {
    const narrow = { width: 60, height: 8 };
    assert.match(lines('table', { rows }, {}, narrow)[1] ?? '', /reqs fails.*p99$/);
    assert.match(lines('table', { rows }, { right: 12 }, narrow)[1] ?? '', /TTFT +TPOT +tok\/s$/);
  });
});
