import assert from 'node:assert/strict';
import type { Summary } from '../../../engine/metrics/snapshot.js';
import { reportHtml, reportMarkdown, reportText } from '../../../reporters/index.js';
import { runReport } from '../../../reporters/run/report.js';
import { testFolder } from '../../support/folder.js';
import { settings } from '../../support/run.js';
import { virtualTime } from '../../support/virtual-time.js';

describe('the sessions of a run in its reports', () => {
  const folder = testFolder();
  const time = virtualTime();
  let summary: Summary;

  before(async () => {
    const file = folder.write(
      'agents.ts',
      `import { session } from 'tokenswarm';
       export const options = { vus: 2, iterations: 8, thresholds: {
         'llm_session_duration{name:job}': ['p(95)<60000'], llm_session_failed: ['rate<0.5'], llm_session_good: ['rate>0.9'],
       } };
       export default () => session('job', async (s) => {
         for (let turn = 0; turn < 4; turn += 1) {
           await s.turn({ prompt: 'x'.repeat(3000), maxTokens: 5 });
           await s.tool('grep', '300ms');
         }
         await s.subagent('look', (child) => child.turn({ prompt: 'where?' }));
       }, { slo: { duration: '30s' } });`,
    );
    const labels = { gpu: 'H800', tp: '2', price: '3' };
    summary = await time.runToEnd(file, settings(time.url, { labels }, 'sim-ttft100-itl10-len5'));
  });

  it('have their rate by accelerator and their cost', () => {
    const { sessions } = summary;
    const perHour = sessions?.perHour ?? 0;
    assert.ok(perHour > 0);
    assert.deepEqual([sessions?.accelerators, sessions?.perHourPerAccelerator], [2, perHour / 2]);
    assert.equal(sessions?.costPerSession, (2 * 3) / perHour);
    assert.ok(Math.abs((sessions?.interactivity ?? 0) - 100) < 2, String(sessions?.interactivity));
    assert.deepEqual(
      summary.thresholds.map(({ ok }) => ok),
      [true, true, true],
    );
  });

  it('are split by turn and depth, in ascending order', () => {
    const byTurn = summary.metrics.llm_ttft_by_turn?.series?.map(({ tags }) => tags.turn);
    assert.deepEqual(byTurn?.sort(), ['1', '2', '3-4']);
    const byDepth = summary.metrics.llm_ttft_by_depth?.series?.map(({ tags }) => tags.depth).sort();
    assert.deepEqual(byDepth, ['0-1k', '1k-2k', '2k-4k']);
  });

  it('stand in text, page and Markdown', () => {
    const report = runReport(summary);
    const text = reportText(report, { width: 100 });
    for (const part of [
      /█ SESSIONS/,
      /sessions\/hour/,
      /session goodput\.*: 100\.00%/,
      /cost a session/,
      /critical path: tools/,
    ])
      assert.match(text, part);
    assert.match(text, /TTFT by turn.*\n.*turn 1 .*\n.*turn 2 .*\n.*turn 3-4/s);
    assert.match(text, /waiting for subagents/);
    assert.match(reportText(report, { medium: 'short' }), /sessions\.*: 8 +of 8 begun, 0 failed/);
    assert.match(reportHtml(report), /TTFT by depth/);
    assert.match(reportMarkdown(report), /Sessions/);
  });
});
