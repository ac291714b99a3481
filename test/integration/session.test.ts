import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { cardNamed, deploymentOf, modelNamed } from '../../engine/hardware/index.js';
import { tryOnce } from '../../engine/index.js';
import type { SessionsSoFar } from '../../engine/metrics/session-record.js';
import { summaryJson } from '../../reporters/index.js';
import { ROOT } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { settings } from '../support/run.js';
import { virtualTime } from '../support/virtual-time.js';

const validate = new Ajv({ strict: false }).compile(
  JSON.parse(readFileSync(join(ROOT, 'reporters/summary.schema.json'), 'utf8')),
);
const DEPLOYMENT = deploymentOf({ card: cardNamed('h800', 'test'), model: modelNamed('qwen2.5-7b', 'test') });

describe('a session', () => {
  const folder = testFolder();
  const time = virtualTime();

  /** Scenario of these statements in a session, and its options. */
  function scenario(name: string, statements: string, options = '{ vus: 1, iterations: 1 }', given = '{}'): string {
    return folder.write(
      name,
      `import { check, fail, session, sleep } from 'tokenswarm';
       export const options = ${options};
       export default async function () {
         const result = await session('job', async (s) => {\n${statements}\n}, ${given});
         check(result, { 'has a result': (r) => r !== undefined });
       }`,
    );
  }

  const MODEL = 'sim-ttft100-itl10-len5';

  it('keeps the history of each agent, and tells its parts apart', async () => {
    const file = scenario(
      'tree.ts',
      `await s.turn({ prompt: 'a' });
       await s.tool('grep', '2s');
       const value = await s.tool('read', () => sleep('1s').then(() => 5));
       const found = s.subagent('explore', async (child) => {
         await child.turn({ prompt: 'look' });
         await child.tool('find', '4s');
         return (await child.turn({ prompt: 'and?' })).text;
       }, { system: 'You search.' });
       await s.think('1500ms');
       if (await found === undefined || value !== 5) throw new Error('lost a result');
       await s.turn({ prompt: 'b', name: 'last', maxTokens: 7 });
       return s.turns;`,
    );
    const summary = await time.runToEnd(file, settings(time.url, {}, MODEL));
    assert.deepEqual([summary.errors, summary.failures], [[], []]);
    const whole = (metric: string) => summary.metrics[metric]?.windows.whole ?? {};
    assert.equal(whole('llm_sessions').count, 1);
    assert.equal(whole('llm_session_failed').rate, 0);
    assert.deepEqual([whole('llm_session_turns').max, whole('llm_session_agents').max], [4, 2]);
    const ms = (metric: string) => Math.round(whole(metric).max ?? Number.NaN);
    const turn = Math.round(whole('llm_e2e').med ?? 0);
    assert.equal(ms('llm_session_tools'), 3000);
    assert.equal(ms('llm_session_thinking'), 1500);
    // The subagent works for 4 s and two turns, of which 1.5 s are thought beside it.
    assert.ok(Math.abs(ms('llm_session_waiting') - (4000 + 2 * turn - 1500)) < 20, `${ms('llm_session_waiting')}`);
    assert.ok(Math.abs(ms('llm_session_model') - 2 * turn) < 20);
    assert.ok(Math.abs(ms('llm_session_path_tools') - 7000) < 2);
    assert.ok(Math.abs(ms('llm_session_path_model') - 4 * turn) < 20);
    assert.equal(ms('llm_session_path_thinking'), 0);
    assert.ok(Math.abs(ms('llm_session_duration') - (7000 + 4 * turn)) < 30);
    const names = summary.metrics.llm_e2e?.series?.map(({ tags }) => tags.name).sort();
    assert.deepEqual(names, ['explore', 'job', 'last']);
    const { sessions } = summary;
    assert.deepEqual([sessions?.started, sessions?.ended, sessions?.failed, sessions?.unfinished], [1, 1, 0, 0]);
    assert.ok(validate(JSON.parse(summaryJson(summary))), JSON.stringify(validate.errors));
  });

  it('sends each turn with what was said before, to its own agent', async () => {
    const file = scenario(
      'history.ts',
      `await s.turn({ prompt: 'a' });
       const [first] = await Promise.all([
         s.subagent('one', (child) => child.turn({ prompt: 'x' })),
         s.subagent('two', (child) => child.turn({ prompt: 'y' }), { system: 't' }),
       ]);
       await s.turn({ prompt: [{ role: 'user', content: 'b' }], extraBody: { top_k: 5 } });
       s.reset();
       await s.turn({ prompt: 'c' });
       if (s.history.length !== 3 || s.turns !== 3) throw new Error(JSON.stringify(s.history));
       return first;`,
      undefined,
      `{ system: 's' }`,
    );
    const trying = tryOnce(file, settings(time.url, { sessionField: 'meta.key' }), 'program', time.timing);
    const { requests, error } = await time.clock.until(trying);
    assert.equal(error, undefined);
    const asked = requests.map(({ request }) => {
      const { messages } = request as unknown as { messages: { role: string; content: string }[] };
      return messages.map(({ role, content }) => (role === 'assistant' ? '·' : content)).join(' ');
    });
    assert.deepEqual(asked, ['s a', 'x', 't y', 's a · b', 's c']);
    const ids = requests.map(({ request }) => (request.extraBody as { meta: { key: string } }).meta.key);
    const [root = ''] = ids;
    assert.match(root, /^[\da-f-]{36}$/);
    assert.deepEqual(ids, [root, `${root}-1`, `${root}-2`, root, root]);
    assert.equal(requests[3]?.request.extraBody?.top_k, 5);
  });

  it('lasts until its background agents have ended, so that N users are N agents at work', async () => {
    const file = scenario(
      'lanes.ts',
      `void s.subagent('later', (child) => child.think('1s'));
       await s.think('300ms');
       return 1;`,
      `{ scenarios: { lanes: { executor: 'constant-vus', vus: 3, duration: '10s', gracefulStop: '0s' } } }`,
    );
    const summary = await time.runToEnd(file, settings(time.url));
    assert.deepEqual(summary.errors, []);
    const { started = 0, ended = 0, unfinished = 0 } = summary.sessions ?? {};
    // Ten seconds hold ten trees of a second, one after the other.
    assert.deepEqual([started, ended + unfinished], [30, 30]);
    const duration = summary.metrics.llm_session_duration?.windows.whole;
    assert.ok(Math.abs((duration?.min ?? 0) - 1000) < 2 && Math.abs((duration?.max ?? 0) - 1000) < 2);
  });

  it('are counted while they run', async () => {
    const file = scenario(
      'live.ts',
      `await s.turn({ prompt: 'a' }); await s.think('2500ms'); return 1;`,
      `{ scenarios: { main: { executor: 'constant-vus', vus: 3, duration: '5s', gracefulStop: '0s' } } }`,
    );
    const seen: (SessionsSoFar | undefined)[] = [];
    await time.runToEnd(file, settings(time.url), ({ totals }) => seen.push(totals.sessions));
    assert.equal(Math.max(...seen.map((each) => each?.live ?? 0)), 3);
    assert.deepEqual([seen.at(-1)?.live, seen.at(-1)?.ended], [0, 3]);
    assert.ok((seen.at(-1)?.depth ?? 0) >= 1);
  });

  for (const load of [
    `executor: 'shared-iterations', vus: 2, iterations: 6`,
    `executor: 'per-vu-iterations', vus: 2, iterations: 3`,
    `executor: 'constant-vus', vus: 2, duration: '2s'`,
    `executor: 'ramping-vus', startVUs: 1, stages: [{ duration: '2s', target: 3 }]`,
    `executor: 'constant-arrival-rate', rate: 3, duration: '2s', preAllocatedVUs: 6`,
    `executor: 'ramping-arrival-rate', startRate: 3, stages: [{ duration: '2s', target: 3 }], preAllocatedVUs: 6`,
  ]) {
    it(`runs with ${load}`, async () => {
      const file = scenario(
        'executor.ts',
        `await s.turn({ prompt: 'a' }); await s.tool('t', '200ms'); return s.turns;`,
        `{ scenarios: { main: { ${load} } } }`,
        `{ slo: { duration: '1s' } }`,
      );
      const { sessions, metrics, errors } = await time.runToEnd(file, settings(time.url));
      assert.deepEqual(errors, []);
      assert.ok((sessions?.ended ?? 0) >= 4, JSON.stringify(sessions));
      assert.deepEqual([sessions?.failed, metrics.llm_session_good?.windows.whole?.rate], [0, 1]);
      assert.equal(sessions?.started, (sessions?.ended ?? 0) + (sessions?.unfinished ?? 0));
    });
  }

  it('fails with a failed turn, and counts what the end of the load cuts off', async () => {
    const failing = scenario('failing.ts', `await s.turn({ prompt: 'a', model: 'sim-500' }); return 1;`);
    const failed = await time.runToEnd(failing, settings(time.url));
    assert.deepEqual([failed.sessions?.ended, failed.sessions?.failed], [1, 1]);
    assert.equal(failed.metrics.llm_session_duration, undefined);
    const long = scenario(
      'long.ts',
      `await s.turn({ prompt: 'a' }); await s.think('1h'); return 1;`,
      `{ scenarios: { main: { executor: 'constant-vus', vus: 2, duration: '2s', gracefulStop: '1s' } } }`,
    );
    const cut = await time.runToEnd(long, settings(time.url));
    assert.deepEqual([cut.sessions?.started, cut.sessions?.ended, cut.sessions?.unfinished], [2, 0, 2]);
  });

  it('throws the error of a subagent that nothing waits for, but not of one that is caught', async () => {
    const lost = scenario('lost.ts', `void s.subagent('a', () => fail('lost')); await s.think('1s'); return 1;`);
    const summary = await time.runToEnd(lost, settings(time.url));
    assert.deepEqual([summary.errors.map(({ message }) => message), summary.sessions?.failed], [['lost'], 1]);
    const caught = scenario(
      'caught.ts',
      `await s.subagent('a', () => fail('caught')).catch(() => undefined); await s.turn({ prompt: 'a' }); return 1;`,
    );
    const fine = await time.runToEnd(caught, settings(time.url));
    assert.deepEqual([fine.errors, fine.sessions?.failed], [[], 0]);
  });

  it('ends an agent whose context is full, and counts that apart', async () => {
    const small = await time.simulator({ card: { deployment: DEPLOYMENT, maxModelLen: 64 } });
    try {
      const file = scenario(
        'full.ts',
        `const found = await s.subagent('child', async (child) => {
           for (let n = 0; ; n += 1) await child.turn({ prompt: 'x'.repeat(100), maxTokens: 5 });
         });
         if (found !== undefined) throw new Error('it went on');
         await s.turn({ prompt: 'short', maxTokens: 5 });
         await s.turn({ prompt: 'y'.repeat(400), maxTokens: 5 });
         throw new Error('not here');`,
      );
      const { sessions, errors, checks } = await time.runToEnd(file, settings(small.url));
      assert.deepEqual(errors, []);
      assert.deepEqual([sessions?.ended, sessions?.failed, sessions?.overflows], [1, 1, 2]);
      assert.deepEqual([checks[0]?.passes, checks[0]?.fails], [0, 1]);
    } finally {
      await small.close();
    }
  });

  it('refuses what it cannot do, by name', async () => {
    const said = async (statement: string, given?: string) => {
      const trying = tryOnce(
        scenario('bad.ts', statement, undefined, given),
        settings(time.url),
        'program',
        time.timing,
      );
      return (await time.clock.until(trying)).error?.stack ?? '';
    };
    assert.match(
      await said(`await s.turn('hi' as never);`),
      /turn: expected an object such as \{ prompt: 'What next\?' \}, got "hi"/,
    );
    assert.match(
      await said(`await s.tool('grep', '2');`.replace(`'2'`, `'2' as never`)),
      /tool: expected a duration such as "2s", got "2"; write "2s" or "2ms"/,
    );
    assert.match(await said(`await s.think(5);`), /think: expected a duration such as "2s", got 5/);
    assert.match(
      await said(`await s.subagent('a', 5 as never);`),
      /subagent: expected a name and a function, got "a" and 5/,
    );
    assert.match(
      await said('', `{ protocol: 'tgi' as never }`),
      /session "job": protocol: expected one of chat, anthropic/,
    );
    assert.match(
      await said('', `{ slo: { duration: 5 } }`),
      /session "job"'s slo: expected a duration such as \{ duration: "5m" \}, got 5/,
    );
    assert.match(
      await said('', `{ sistem: 's' } as never`),
      /session "job" does not know the field sistem; did you mean "system"\?/,
    );
    assert.match(
      await said(`await Promise.all([s.turn({ prompt: 'a' }), s.turn({ prompt: 'b' })]);`),
      /turn: the turn before has not been answered yet; await it/,
    );
  });
});
