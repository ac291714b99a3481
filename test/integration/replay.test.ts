import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { cardNamed, deploymentOf, modelNamed } from '../../engine/hardware/index.js';
import { tryOnce } from '../../engine/index.js';
import { tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { settings } from '../support/run.js';
import { virtualTime } from '../support/virtual-time.js';
import { MOONCAKE, upTo, weka, wekaRequest } from '../unit/data/sessions/recorded-files.js';

describe('a replay of recorded sessions', () => {
  const folder = testFolder();
  const time = virtualTime();
  const MODEL = 'sim-ttft100-itl10';

  before(() => {
    folder.write('weka.jsonl', ['a', 'b', 'c'].map((id) => JSON.stringify(weka(id))).join('\n'));
    folder.write('mooncake.jsonl', MOONCAKE.map((row) => JSON.stringify(row)).join('\n'));
    const requests = upTo(20, 0).map((n) => wekaRequest(10 * n, 640 + 64 * n, 5, upTo(10 + n)));
    folder.write('long.jsonl', JSON.stringify({ ...weka('long'), requests }));
  });

  /** Scenario that replays a file. */
  function scenario(file: string, options: string, given = '{}'): string {
    return folder.write(
      'replay.ts',
      `import { check, replay } from 'tokenswarm';
       export const options = { scenarios: { main: { executor: 'sessions', file: '${file}', ${options} } } };
       export default async function () {
         await replay({ onTurn: (answer) => check(answer, { answered: (a) => a.ok }), ...${given} });
       }`,
    );
  }

  it('sends the recorded lengths, gaps and trees', async () => {
    const file = scenario('./weka.jsonl', `duration: '30s', gracefulStop: '1m', order: 'file'`);
    const summary = await time.runToEnd(file, settings(time.url, {}, MODEL));
    assert.deepEqual([summary.errors, summary.failures], [[], []]);
    const { ended = 0, failed } = summary.sessions ?? {};
    assert.ok(ended >= 1 && failed === 0);
    const whole = (metric: string) => summary.metrics[metric]?.windows.whole;
    assert.deepEqual([whole('llm_session_turns')?.max, whole('llm_session_agents')?.max], [6, 3]);
    // 640 + 1000 + 1300 of the session, 300 + 450 and 200 of its subagents, by the server's own count.
    assert.deepEqual([whole('llm_session_input_tokens')?.min, whole('llm_session_input_tokens')?.max], [3890, 3890]);
    assert.equal(whole('llm_session_output_tokens')?.max, 100 + 50 + 40 + 30 + 60 + 10);
    // Gaps of 3 s after a tool; the subagent begins 1.5 s later, and is waited for before a person takes 13 s.
    assert.equal(Math.round(whole('llm_session_tools')?.max ?? 0), 3000);
    assert.equal(Math.round(whole('llm_session_thinking')?.max ?? 0), 13_000);
    assert.ok((summary.checks[0]?.passes ?? 0) >= 6);
  });

  it('caps gaps, and takes the next session when the whole tree has ended', async () => {
    const file = scenario('./weka.jsonl', `vus: 2, duration: '20s', gapCap: '1s', speed: 2`);
    const { sessions, metrics, errors } = await time.runToEnd(file, settings(time.url, {}, MODEL));
    assert.deepEqual(errors, []);
    assert.ok((sessions?.ended ?? 0) > 4, JSON.stringify(sessions));
    assert.ok((metrics.llm_session_thinking?.windows.whole?.max ?? 0) <= 501);
    const shares = metrics.llm_cache_hit_possible?.windows.whole?.rate ?? 0;
    assert.ok(shares > 0.4 && shares < 0.8, String(shares));
  });

  it('sends sessions and turns at their recorded instants, or as soon as the answer before has come', async () => {
    const at = (chat: number, parent: number, timestamp: number) => {
      return {
        chat_id: chat,
        parent_chat_id: parent,
        timestamp,
        input_length: 40,
        output_length: 10,
        hash_ids: [1, 2, 3],
      };
    };
    // Turns of 0.2 s. The second of the first chat is due before the answer to its first has come.
    const rows = [at(1, -1, 100), at(2, 1, 100.1), at(3, 2, 104), at(4, -1, 102), at(5, 4, 106)];
    folder.write('chats.jsonl', rows.map((row) => JSON.stringify(row)).join('\n'));
    const starts: [string, number][] = [];
    const file = scenario('./chats.jsonl', `duration: '8s', vus: 5, speed: 2, pace: 'recorded', gracefulStop: '5s'`);
    const log = `${folder.path}/requests.jsonl`;
    const { code, stderr } = await tokenswarm(
      [
        'run',
        file,
        '--base-url',
        time.url,
        '--model',
        MODEL,
        '-q',
        '--out',
        `json=${folder.path}/r.json`,
        '--out',
        `requests=${log}`,
      ],
      { cwd: folder.path, time },
    );
    assert.equal(code, 0, stderr);
    for (const line of readFileSync(log, 'utf8').trim().split('\n')) {
      const { vu, sent_at: sent } = JSON.parse(line) as { vu: number; sent_at: number };
      starts.push([String(vu), Math.round(sent / 10) / 100]);
    }
    const [first, second] = ['1', '2'].map((vu) => starts.filter(([of]) => of === vu).map(([, sent]) => sent));
    assert.deepEqual(
      [first, second],
      [
        [0, 0.19, 2],
        [1, 3],
      ],
    );
    const { run, metrics } = folder.summary('r.json');
    assert.deepEqual([run.outcome, metrics.llm_sessions?.windows.whole?.count], ['completed', 2]);
  });

  it('cannot be at instants that were not recorded, nor with options of lanes', async () => {
    const said = async (file: string, options: string) => {
      const trying = tryOnce(scenario(file, options), settings(time.url, {}, MODEL), 'program', time.timing);
      return await time.clock.until(trying).then(
        () => 'nothing',
        (error: Error) => error.message,
      );
    };
    assert.match(
      await said('./weka.jsonl', `duration: '1s', pace: 'recorded'`),
      /its sessions \(kv-cache-tester \(Weka\)\) have no start times, which pace: 'recorded' needs/,
    );
    assert.match(
      await said('./mooncake.jsonl', `duration: '1s', pace: 'recorded', gapCap: '1s', order: 'file'`),
      /gapCap, order: not with pace: 'recorded'/,
    );
  });

  it('begins in the middle of a session where it is asked to, after one turn that is not measured', async () => {
    const file = scenario('./long.jsonl', `duration: '40s', startWithin: [0.5, 0.5], gapCap: '1s'`);
    const summary = await time.runToEnd(file, settings(time.url, {}, MODEL));
    assert.deepEqual(summary.errors, []);
    const inputs = summary.metrics.llm_input_tokens?.windows.whole;
    assert.equal(summary.metrics.llm_session_joined?.windows.whole?.count, 1);
    // The first half is only its last prompt, unmeasured; the session after it is played from its beginning.
    const { turns } = { turns: summary.metrics.llm_session_turns?.windows.whole };
    assert.deepEqual([inputs?.min, turns?.max], [640, 21]);
    const requests = summary.metrics.llm_requests?.windows.whole?.count ?? 0;
    const ended = summary.sessions?.ended ?? 0;
    assert.ok(
      requests >= 21 * ended + 10 && requests < 21 * (ended + 1) + 10,
      `${requests} of ${ended} whole sessions`,
    );
  });

  it('makes each replay unique, but not the turns and agents of one', async () => {
    const openings = async (given: string) => {
      const file = scenario('./mooncake.jsonl', `duration: '1s', order: 'file'`, given);
      const trying = tryOnce(file, settings(time.url, {}, MODEL), 'program', time.timing);
      const { requests, error } = await time.clock.until(trying);
      assert.equal(error, undefined);
      return requests.map(({ request }) => {
        const { messages } = request as unknown as { messages: readonly { content: string }[] };
        return messages[0]?.content.split(' ').slice(0, 20).join(' ');
      });
    };
    const [busted, plain] = [await openings('{}'), await openings('{ cacheBust: false }')];
    assert.equal(busted.length, 3);
    assert.equal(new Set(busted).size, 1);
    assert.notEqual(busted[0], plain[0]);
  });

  it('goes along models, by the order in which they appear', async () => {
    const file = scenario('./weka.jsonl', `duration: '1s'`, `{ models: ['sim-len5', 'sim-len6'] }`);
    const trying = tryOnce(file, settings(time.url, {}, MODEL), 'program', time.timing);
    const { requests } = await time.clock.until(trying);
    const models = requests.map(({ exchange }) => exchange.model);
    assert.deepEqual(
      [models.filter((each) => each === 'sim-len5').length, models.filter((each) => each === 'sim-len6').length],
      [5, 1],
    );
  });

  it("agrees with a card's own count of tokens, and with its prefix cache", async () => {
    const deployment = deploymentOf({ card: cardNamed('h800', 'test'), model: modelNamed('qwen2.5-7b', 'test') });
    const card = await time.simulator({ card: { deployment } });
    try {
      const file = scenario('./long.jsonl', `duration: '25s', gracefulStop: '1m', gapCap: '1s'`);
      const { metrics, sessions, failures } = await time.runToEnd(file, settings(card.url, {}, 'Qwen2.5-7B'));
      assert.deepEqual([failures, sessions?.failed], [[], 0]);
      const recorded = upTo(20, 0).reduce((sum, n) => sum + 640 + 64 * n, 0);
      assert.equal(metrics.llm_session_input_tokens?.windows.whole?.min, recorded);
      const [hit = 0, possible = 0] = ['llm_cache_hit', 'llm_cache_hit_possible'].map(
        (metric) => metrics[metric]?.windows.whole?.rate,
      );
      assert.ok(possible > 0.8 && Math.abs(hit - possible) < 0.02, `${hit} of ${possible}`);
    } finally {
      await card.close();
    }
  });

  it('refuses a file that is none, and a call elsewhere', async () => {
    folder.write('other.jsonl', '{"conversations":[]}');
    const said = async (file: string) => {
      const trying = tryOnce(file, settings(time.url, {}, MODEL), 'program', time.timing);
      return await time.clock.until(trying).then(
        ({ error }) => error?.stack ?? '',
        (error: Error) => error.message,
      );
    };
    assert.match(await said(scenario('./other.jsonl', `duration: '1s'`)), /look like conversations of ShareGPT/);
    assert.match(await said(scenario('./nothing.jsonl', `duration: '1s'`)), /there is no such file/);
    const elsewhere = folder.write(
      'elsewhere.ts',
      `import { replay } from 'tokenswarm';\nexport default () => replay();`,
    );
    assert.match(await said(elsewhere), /replay\(\) is for the iterations of a scenario of the executor 'sessions'/);
  });
});
