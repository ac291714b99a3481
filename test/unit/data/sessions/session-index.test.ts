import assert from 'node:assert/strict';
import { agentsOf } from '../../../../engine/data/sessions/recorded-session.js';
import { openSessions, readSession } from '../../../../engine/data/sessions/session-index.js';
import { testFolder } from '../../../support/folder.js';
import { BAILIAN, MOONCAKE, TRACELAB, upTo, weka, wekaRequest } from './recorded-files.js';

describe('recorded sessions', () => {
  const folder = testFolder();
  const lines = (rows: readonly object[]) => rows.map((row) => JSON.stringify(row)).join('\n');

  /** Lengths, gaps and kept tokens of a session's own agent. */
  function readFile(name: string, content: string, session = 0) {
    const index = openSessions(folder.write(name, content));
    return { index, session: readSession(index, session) };
  }

  for (const clock of ['marker', 'session'] as const) {
    it(`of kv-cache-tester are trees, with subagents' times from their ${clock}`, () => {
      const { index, session } = readFile(`${clock}.jsonl`, lines([weka('a', clock), weka('b', clock)]));
      assert.deepEqual([index.size, index.clock, index.form], [2, clock, 'kv-cache-tester (Weka)']);
      const { root } = session;
      assert.deepEqual(
        root.turns.map(({ gap, afterTool, inputTokens, kept }) => [gap, afterTool, inputTokens, kept]),
        [
          [0, false, 640, 0],
          [3000, true, 1000, 10],
          [13_000, false, 1300, 15],
        ],
      );
      assert.equal(root.systemTokens, 128);
      const [explore, title] = root.children;
      assert.deepEqual([explore?.agent.name, explore?.after, explore?.joinedBy], ['Explore', 1, 2]);
      assert.deepEqual([title?.agent.name, title?.after, title?.joinedBy], ['Title', 2, undefined]);
      // It begins 1.5 s after its parent's turn has ended, with the system prompt of that.
      assert.deepEqual(
        explore?.agent.turns.map(({ gap, kept }) => [gap, kept]),
        [
          [1500, 2],
          [1500, 4],
        ],
      );
    });
  }

  it('may be one over several lines, a list, or one in each file of a folder', () => {
    assert.equal(openSessions(folder.write('one.json', JSON.stringify(weka('a'), null, 2))).size, 1);
    assert.equal(openSessions(folder.write('list.json', JSON.stringify([weka('a'), weka('b')], null, 2))).size, 2);
    for (const name of ['x', 'y', 'z']) folder.write(`many/${name}.json`, JSON.stringify(weka(name)));
    const index = openSessions(`${folder.path}/many`);
    assert.deepEqual(
      [0, 1, 2].map((each) => readSession(index, each).id),
      ['x', 'y', 'z'],
    );
  });

  it('tell agents apart that were recorded side by side', () => {
    const requests = [
      wekaRequest(0, 640, 10, upTo(10)),
      // Two workers that forked from the first prompt, and overlap.
      wekaRequest(3, 768, 10, [...upTo(10), 31, 32]),
      wekaRequest(3.5, 768, 10, [...upTo(10), 41, 42]),
      wekaRequest(6, 896, 10, [...upTo(10), 31, 32, 33, 34]),
      wekaRequest(6.2, 832, 10, [...upTo(10), 41, 42, 43]),
      // A helper of another model, and the first agent again.
      wekaRequest(7, 128, 5, [91, 92], { model: 'haiku' }),
      wekaRequest(20, 960, 10, [...upTo(10), 31, 32, 33, 34, 35]),
    ];
    const { session } = readFile('flat.jsonl', lines([{ ...weka('a'), tool_tokens: 0, system_tokens: 0, requests }]));
    const agents = agentsOf(session.root).map(({ name, turns }) => [name, turns.map(({ inputTokens }) => inputTokens)]);
    assert.deepEqual(agents, [
      ['session', [640, 768, 896, 960]],
      ['subagent', [768, 832]],
      ['auxiliary', [128]],
    ]);
    const [fork] = session.root.children;
    assert.deepEqual([fork?.after, fork?.joinedBy, fork?.agent.turns[0]?.kept], [0, 3, 10]);
  });

  it("of aiperf's Mooncake form grow by what each turn adds, and by the answers", () => {
    const { index, session } = readFile('mooncake.jsonl', lines(MOONCAKE));
    assert.equal(index.size, 2);
    assert.deepEqual(
      session.root.turns.map(({ inputTokens, gap, afterTool }) => [inputTokens, gap, afterTool]),
      [
        [1500, 0, true],
        [2120, 1500, true],
        [2250, 20_000, false],
      ],
    );
    assert.equal(readSession(index, 1).startAt, 2000);
  });

  it('of Qwen-Bailian are linked by their parents', () => {
    const { index, session } = readFile('bailian.jsonl', lines(BAILIAN));
    assert.equal(index.size, 2);
    assert.deepEqual(
      session.root.turns.map(({ inputTokens, gap, kept }) => [inputTokens, gap, kept]),
      [
        [40, 0, 0],
        [90, 4000, 2],
      ],
    );
    assert.equal(session.startAt, 10_000);
  });

  it('of TraceLab share the tokens that their prefix has', () => {
    const { session } = readFile('tracelab.jsonl', lines(TRACELAB));
    const kept = session.root.turns.map(({ inputTokens, pieces, gap }) => [
      inputTokens,
      inputTokens - pieces.reduce((sum, { tokens }) => sum + tokens, 0),
      gap,
    ]);
    assert.deepEqual(kept, [
      [500, 0, 0],
      [800, 500, 2000],
      [328, 128, 11_000],
    ]);
  });

  const bad: readonly (readonly [what: string, rows: readonly object[], said: RegExp])[] = [
    [
      'a cycle',
      [BAILIAN[0]!, { ...BAILIAN[1], parent_chat_id: 7 }, { ...BAILIAN[2], parent_chat_id: 6 }],
      /:\d: parent_chat_id: .* a cycle/,
    ],
    [
      'a parent that is not there',
      [BAILIAN[0]!, { ...BAILIAN[2], parent_chat_id: 99 }],
      /:2: parent_chat_id: there is no turn 99/,
    ],
    [
      'a negative gap',
      [BAILIAN[0]!, { ...BAILIAN[2], timestamp: 3 }],
      /:2: timestamp: 3 is before that of the turn before, a negative gap/,
    ],
    [
      'a negative delay',
      [MOONCAKE[0]!, { ...MOONCAKE[2], delay: -5 }],
      /:2: delay: expected a number from 0 up, got -5/,
    ],
    [
      'a negative time',
      [{ ...weka('a'), requests: [wekaRequest(-1, 64, 1, [1])] }],
      /:1: requests\[0\]\.t: expected a number of seconds from 0 up, got -1/,
    ],
    [
      'too few hashes',
      [{ ...weka('a'), requests: [wekaRequest(0, 640, 1, [1, 2])] }],
      /:1: requests\[0\]\.hash_ids: expected 10 hashes or more for 640 tokens in blocks of 64, got 2/,
    ],
    ['no request', [{ ...weka('a'), requests: [] }], /:1: requests: expected at least one request/],
    [
      'single requests',
      [{ timestamp: 0, input_length: 5, output_length: 5 }],
      /:1: expected sessions of .* look like single requests of Mooncake, for the executor 'trace'/,
    ],
    ['conversations', [{ conversations: [] }], /look like conversations of ShareGPT, for dataset\(\)/],
    ['something else', [{ a: 1, b: 2 }], /got an object with the fields \["a","b"\]/],
  ];
  for (const [what, rows, said] of bad) {
    it(`refuse ${what}, with its line`, () => {
      assert.throws(
        () => {
          const index = openSessions(folder.write('bad.jsonl', lines(rows)));
          for (let session = 0; session < index.size; session += 1) readSession(index, session);
        },
        (error: { where?: string; message: string }) =>
          said.test(`${error.where}: ${error.message}`.replace(/^.*bad\.jsonl/, '')),
      );
    });
  }

  it('refuse what is no JSON, and an empty file', () => {
    assert.throws(() => openSessions(folder.write('bad.txt', 'hello')), /not JSON/);
    assert.throws(() => openSessions(folder.write('empty.jsonl', '')), /there is no session in it/);
  });
});
