import assert from 'node:assert/strict';
import { type TriedRequest, tryOnce } from '../../engine/index.js';
import { testFolder } from '../support/folder.js';
import { runToEnd, settings } from '../support/run.js';
import { type Simulator, sharedSimulator } from '../support/simulator.js';

interface Said {
  readonly role: string;
  readonly content: string | null;
  readonly tool_calls?: readonly { readonly id: string }[];
  readonly tool_call_id?: string;
}

/** A request as the conversation has made it. */
interface Sent {
  readonly messages: readonly Said[];
  readonly maxTokens?: number;
  readonly name?: string;
  readonly tags?: Readonly<Record<string, unknown>>;
}

function sent(requests: readonly TriedRequest[]): Sent[] {
  return requests.map(({ request }) => request as unknown as Sent);
}

function said(requests: readonly TriedRequest[]): (readonly Said[])[] {
  return sent(requests).map(({ messages }) => messages);
}

function questions(requests: readonly TriedRequest[]): string[] {
  return said(requests).map((messages) =>
    messages.map(({ role, content }) => (role === 'assistant' ? '·' : (content ?? ''))).join(' '),
  );
}

describe('a conversation', () => {
  const folder = testFolder();
  let simulator: Simulator;

  before(async () => {
    simulator = await sharedSimulator();
  });

  /** Tries an iteration of these statements. */
  async function tried(statements: string, top = '', model?: string) {
    const file = folder.write(
      'talk.ts',
      `import { chat, conversation, dataset, group } from 'tokenswarm';\n${top}\n` +
        `export default async function () {\n${statements}\n}`,
    );
    const { requests, error } = await tryOnce(file, settings(simulator.url, {}, model));
    return { requests, error: error?.stack };
  }

  it('sends in each turn the earlier messages, and nothing else', async () => {
    const { requests, error } = await tried(`
      const talk = conversation({ system: 's' });
      for (const question of ['a', 'b', 'c']) await talk.say(question, { maxTokens: 4, name: 'turn' });
      if (talk.turn !== 3 || talk.history.length !== 7) throw new Error(JSON.stringify(talk.history));
      talk.reset();
      if (talk.turn !== 0 || talk.history.length !== 1) throw new Error(JSON.stringify(talk.history));
      await talk.say('d');`);
    assert.equal(error, undefined);
    assert.deepEqual(questions(requests), ['s a', 's a · b', 's a · b · c', 's d']);
    const [, second] = said(requests);
    assert.deepEqual(second?.[2], { role: 'assistant', content: requests[0]?.exchange.text });
    const asked = sent(requests).map(({ maxTokens, name, tags }) => [maxTokens, name, tags]);
    assert.deepEqual(asked[2], [4, 'turn', { turn: 3 }]);
    assert.deepEqual(asked[3], [undefined, undefined, { turn: 1 }]);
  });

  it('forgets a turn that failed', async () => {
    const { requests, error } = await tried(`
      const talk = conversation();
      await talk.say('a');
      const lost = await talk.say('b', { model: 'sim-ttft9000', timeout: '5ms', tags: { mood: 'hasty' } });
      if (lost.ok || talk.turn !== 1) throw new Error('answered at once');
      await talk.say('c');`);
    assert.equal(error, undefined);
    assert.deepEqual(questions(requests), ['a', 'a · b', 'a · c']);
    assert.deepEqual(
      sent(requests).map(({ tags }) => tags),
      [{ turn: 1 }, { mood: 'hasty', turn: 2 }, { turn: 2 }],
    );
  });

  it('keeps as many turns as its limit allows', async () => {
    const { requests } = await tried(`
      const talk = conversation({ system: 's', maxTurns: 1 });
      for (const question of ['a', 'b', 'c']) await talk.say(question);
      const forgetful = conversation({ maxTurns: 0 });
      for (const question of ['d', 'e']) await forgetful.say(question);
      if (forgetful.turn !== 2) throw new Error('lost count');`);
    assert.deepEqual(questions(requests), ['s a', 's a · b', 's b · c', 'd', 'e']);
  });

  it("keeps as many tokens as its limit allows, by the server's count", async () => {
    const { requests, error } = await tried(
      `const talk = conversation({ system: 'You are brief.', maxHistoryTokens: 160 });
      for (let turn = 0; turn < 12; turn += 1) await talk.say('你'.repeat(50));`,
      '',
      'sim-ttft1-itl0.1-len20',
    );
    assert.equal(error, undefined);
    const tokens = requests.map(({ exchange }) => exchange.usage?.inputTokens ?? 0);
    // The second is reckoned from the first, and the third is the first that does not fit.
    assert.ok(Math.max(...tokens) <= 160 && Math.max(...tokens) > 140, tokens.join());
    assert.ok(said(requests).every(([first]) => first?.role === 'system'));
    assert.ok(said(requests).every((messages) => messages.at(-1)?.role === 'user'));
  });

  it('remembers which tools were called, and forgets their results with the call', async () => {
    const { requests, error } = await tried(
      `const tools = [{ type: 'function', function: { name: 'weather', parameters: { type: 'object' } } }] as const;
      const talk = conversation({ maxTurns: 2 });
      const { toolCalls } = await talk.say('a', { tools, toolChoice: 'required' });
      await talk.say(toolCalls.map(({ id }) => ({ role: 'tool', tool_call_id: id, content: 'rain' })), { toolChoice: 'none' });
      await talk.say('b');
      await talk.say('c');`,
      '',
      'sim-ttft5-itl1-len30-tools',
    );
    assert.equal(error, undefined);
    const [, second] = said(requests);
    assert.equal(second?.length, 3);
    assert.equal(second?.[1]?.tool_calls?.[0]?.id, second?.[2]?.tool_call_id);
    assert.deepEqual(
      said(requests).map((messages) => messages.map(({ role }) => role).join(' ')),
      ['user', 'user assistant tool', 'user assistant tool assistant user', 'user assistant user'],
    );
  });

  it('refuses invalid limits, and a question before the last was answered', async () => {
    assert.match(
      (await tried('conversation({ maxTurns: -1 });')).error ?? '',
      /maxTurns has to be a number from 0 on, got -1/,
    );
    const limit = (await tried("conversation({ maxHistoryTokens: '5' as never });")).error;
    assert.match(limit ?? '', /maxHistoryTokens has to be a number from 1 on, got "5"/);
    const hasty = await tried(`const talk = conversation(); await Promise.all([talk.say('a'), talk.say('b')]);`);
    assert.match(hasty.error ?? '', /the turn before has not been answered yet; await it/);
  });

  it('is replayed from a data set of conversations, turn by turn', async () => {
    const row = {
      conversations: ['human:a', 'gpt:x', 'human:b', 'gpt:y', 'user:c'].map((turn) => {
        const [from, value] = turn.split(':');
        return { from, value };
      }),
    };
    folder.write('shared.jsonl', JSON.stringify(row));
    const { requests } = await tried(
      'const talk = conversation(); for (const question of rows.turns()) await talk.say(question);',
      "const rows = dataset('./shared.jsonl');",
    );
    assert.deepEqual(questions(requests), ['a', 'a · b', 'a · b · c']);
  });

  it('belongs to its user, and its turns have thresholds of their own', async () => {
    const file = folder.write(
      'turns.ts',
      `import { check, conversation, group } from 'tokenswarm';
      export const options = { vus: 2, iterations: 6, thresholds: {
        'llm_ttft{turn:1}': ['p(95)<5000'], 'llm_ttft{turn:3}': ['p(95)<5000'], 'llm_requests{group:::talk}': ['count==6'],
      } };
      const talk = conversation();
      export default async function () {
        const before = talk.turn;
        const answer = await group('talk', () => talk.say('hi'));
        check(answer, { 'goes on': () => talk.turn === before + 1 && talk.history.length === 2 * talk.turn });
      }`,
    );
    const summary = await runToEnd(file, settings(simulator.url));
    assert.deepEqual(summary.errors, []);
    assert.deepEqual(
      summary.thresholds.map(({ metric, ok }) => [metric, ok]),
      [
        ['llm_ttft{turn:1}', true],
        ['llm_ttft{turn:3}', true],
        ['llm_requests{group:::talk}', true],
      ],
    );
    assert.equal(summary.metrics['llm_ttft{turn:1}']?.windows.whole?.count, 2);
    assert.ok(summary.checks.every(({ fails, passes }) => fails === 0 && passes === 6));
  });
});

describe('the parameters of a scenario', () => {
  const folder = testFolder();

  const READ = `import { env } from 'tokenswarm';
    const users = env.whole('USERS', 3, { least: 1, most: 100 });
    const rate = env.number('RATE', 2.5, { least: 0.1 });
    const hold = env.duration('HOLD', '10s', { least: '1s' });
    const api = env.oneOf('API', ['chat', 'responses']);
    const file = env.text('DATASET', 'a.jsonl');
    export const options = { scenarios: { a: { executor: 'constant-vus', vus: users, duration: hold, env: { rate, api, file } } } };
    export default function () {}`;

  async function inspected(env: Readonly<Record<string, string>>) {
    const { inspect } = await import('../../engine/index.js');
    return await inspect(folder.write('read.ts', READ), settings(undefined, { env }));
  }

  it("have the script's defaults where none are given", async () => {
    for (const env of [{}, { USERS: '', RATE: '', HOLD: '', API: '', DATASET: '' }]) {
      const [scenario] = (await inspected(env)).inspection.scenarios;
      assert.deepEqual([scenario?.maxVus, scenario?.duration], [3, 10_000]);
      assert.deepEqual(scenario?.env, { rate: '2.5', api: 'chat', file: 'a.jsonl' });
    }
  });

  it('are read from -e NAME=value', async () => {
    const env = { USERS: '7', RATE: '.5', HOLD: '1m30s', API: 'responses', DATASET: 'b.csv' };
    const [scenario] = (await inspected(env)).inspection.scenarios;
    assert.deepEqual([scenario?.maxVus, scenario?.duration], [7, 90_000]);
    assert.deepEqual(scenario?.env, { rate: '0.5', api: 'responses', file: 'b.csv' });
  });

  it('are all refused at once, by their names', async () => {
    const env = { USERS: 'abc', RATE: '0', HOLD: '5x', API: 'chatt' };
    await assert.rejects(inspected(env), (error: Error & { exitCode: number; hint: string }) => {
      assert.equal(error.exitCode, 104);
      assert.equal(error.hint, 'give another value with -e NAME=value');
      assert.deepEqual(error.message.split('\n'), [
        'USERS: expected a whole number from 1 to 100, got "abc"',
        'RATE: expected a number from 0.1 on, got "0"',
        'HOLD: expected a duration from 1s on such as "30s" or "1m30s", got "5x"',
        'API: expected one of chat, responses, got "chatt"',
      ]);
      return true;
    });
    for (const [name, value] of [
      ['USERS', '1.5'],
      ['USERS', '101'],
      ['USERS', 'Infinity'],
      ['USERS', ' '],
      ['HOLD', '999ms'],
    ] as const) {
      await assert.rejects(
        inspected({ [name]: value }),
        new RegExp(`^UserError: ${name}: expected `),
        `${name}=${value}`,
      );
    }
  });
});
