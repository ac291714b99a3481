import assert from 'node:assert/strict';
import { describeSessions } from '../../../../engine/data/sessions/describe-sessions.js';
import { reportHtml, reportText, traceJson, traceReport } from '../../../../reporters/index.js';
import { tokenswarm } from '../../../support/command.js';
import { testFolder } from '../../../support/folder.js';
import { MOONCAKE, weka } from './recorded-files.js';

describe('the description of recorded sessions', () => {
  const folder = testFolder();
  const lines = (rows: readonly object[]) => rows.map((row) => JSON.stringify(row)).join('\n');

  it('has their lengths, and the reuse of an endless cache', () => {
    const file = folder.write('mooncake.jsonl', lines(MOONCAKE));
    const { sessions, turns, inputTokens, reuse, perSession, perTurn, concurrency } = describeSessions(file);
    assert.deepEqual([sessions, turns, inputTokens], [2, 4, 1500 + 2120 + 2250 + 1024]);
    // Of its own: 1500 and 2120 of the turns before. The second session begins with the first two blocks of the first.
    assert.deepEqual(reuse, { ownSession: 3620 / 6894, allSessions: (3620 + 1024) / 6894 });
    assert.deepEqual([perSession.turns.max, perSession.depth.max, perTurn.added.min], [3, 2255, 130]);
    assert.deepEqual([perTurn.toolGap.max, perTurn.otherGap.max], [1.5, 20]);
    assert.deepEqual([concurrency?.[0]?.sessions, concurrency?.at(-1)?.sessions], [1, 1]);
  });

  it('counts subagents and their shared prefix', () => {
    const file = folder.write('weka.jsonl', lines([weka('a')]));
    const { agents, turns, reuse, models } = describeSessions(file);
    assert.deepEqual([agents, turns, models], [3, 6, ['haiku', 'opus']]);
    // 640 and 960 whole blocks of turns before, 128 of each subagent's system prompt, 256 of a subagent's own.
    assert.equal(reuse.ownSession, (640 + 960 + 128 + 256 + 128) / 3890);
  });

  it('is text, JSON, a page and Markdown', async () => {
    const file = folder.write('mooncake.jsonl', lines(MOONCAKE));
    const description = describeSessions(file);
    assert.match(reportText(traceReport(description)), /sessions +2 sessions of 2 agents, 4 turns/);
    assert.match(reportHtml(traceReport(description)), /Sessions at work/);
    assert.equal((JSON.parse(traceJson(description)) as { schema: string }).schema, 'tokenswarm/trace');
    const outs = ['json', 'html', 'markdown'].flatMap((name) => ['--out', `${name}=${folder.path}/trace.${name}`]);
    const { code, stdout } = await tokenswarm(['trace', file, ...outs]);
    assert.equal(code, 0);
    assert.match(stdout, /Mooncake with sessions/);
    const wrong = await tokenswarm(['trace', folder.write('bad.jsonl', '{"conversations":[]}')]);
    assert.equal(wrong.code, 104);
    assert.match(wrong.stderr, /bad\.jsonl:1: expected sessions of .* look like conversations of ShareGPT/s);
  });
});
