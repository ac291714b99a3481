import assert from 'node:assert/strict';
import { isSilent, type Prompt, promptOf, type Row, talkOf } from '../../../engine/data/row-prompt.js';

const asked = (content: string) => [{ role: 'user', content }];

/** Messages made of a record; undefined where none can be made. */
function messagesOf(row: Row): Prompt['messages'] | undefined {
  const prompt = promptOf(row);
  return typeof prompt === 'string' ? undefined : prompt.messages;
}

describe('the turns of the human in a record', () => {
  const table: readonly [string, Row, string[] | string][] = [
    [
      'a conversation',
      {
        conversations: [
          { from: 'human', value: 'a' },
          { from: 'gpt', value: 'b' },
          null,
          { from: 'human', value: 'c' },
        ],
      },
      ['a', 'c'],
    ],
    [
      'messages',
      {
        messages: [
          ...asked('a'),
          { role: 'assistant', content: 'b' },
          { role: 'user', content: [{ type: 'text', text: 'c' }] },
        ],
      },
      ['a', 'c'],
    ],
    ['a prompt', { prompt: 'a' }, ['a']],
    ['a system message alone', { messages: [{ role: 'system', content: 'a' }] }, 'no message is from the user'],
    [
      'an empty record',
      {},
      'the record has no messages, prompt, instruction, question or conversations; it has no field',
    ],
  ];
  for (const [what, row, turns] of table) {
    it(`are found in ${what}`, () => {
      const talk = talkOf(row);
      assert.deepEqual(typeof talk === 'string' ? talk : talk.turns, turns);
    });
  }

  const be = (content: string) => ({ role: 'system', content });
  const q = [
    { from: 'human', value: 'q' },
    { from: 'gpt', value: 'a' },
  ];
  const systems: readonly [string, Row][] = [
    ['a turn', { conversations: [{ from: 'system', value: 'Be brief.' }, ...q] }],
    ['a turn with role and content', { conversation: [be('Be brief.'), { role: 'user', content: 'q' }] }],
    ['a field beside a conversation', { system: 'Be brief.', conversations: q }],
    ['a field beside messages', { system: [{ type: 'text', text: 'Be brief.' }], messages: asked('q') }],
    ['a message', { messages: [be('Be brief.'), ...asked('q')] }],
    ['a field beside an instruction', { system: 'Be brief.', instruction: 'q' }],
    ['a field beside a question', { system_prompt: 'Be brief.', question: 'q', response: 'a' }],
    ['a column of a table', { ' System ': 'Be brief.', Prompt: 'q' }],
  ];
  for (const [what, row] of systems) {
    it(`come with a system message that is ${what}`, () => {
      assert.deepEqual(talkOf(row), { system: 'Be brief.', turns: ['q'] });
      assert.deepEqual(messagesOf(row), [be('Be brief.'), ...asked('q')]);
    });
  }
});

describe('a conversation of ShareGPT', () => {
  const of = (...conversations: unknown[]): Row => ({ conversations });
  const table: readonly [string, Row, string][] = [
    ['role and content', of({ role: 'user', content: 'q' }, { role: 'assistant', content: 'a' }), 'q'],
    [
      'an empty first turn',
      of({ from: 'human', value: '' }, { from: 'gpt', value: '?' }, { from: 'human', value: 'q' }),
      'q',
    ],
    ['a first turn of blanks', of({ from: 'human', value: ' \n' }, { from: 'human', value: 'q' }), 'q'],
    ['capital letters', of({ from: 'Human', value: 'q' }), 'q'],
    ['parts', of({ role: 'user', content: [{ type: 'text', text: 'q' }] }), 'q'],
    [
      'tools',
      of({ from: 'human', value: 'q' }, { from: 'function_call', value: '{}' }, { from: 'observation', value: '7' }),
      'q',
    ],
    ['its other name', { conversation: [{ role: 'user', content: 'q' }] }, 'q'],
  ];
  it('keeps images', () => {
    const content = [
      { type: 'text', text: 'q' },
      { type: 'image_url', image_url: { url: 'http://host/a.png' } },
    ];
    assert.deepEqual(messagesOf(of({ role: 'user', content }))?.at(-1)?.content, content);
  });

  for (const [what, row, question] of table) {
    it(`may have ${what}`, () => {
      assert.equal(messagesOf(row)?.at(-1)?.content, question);
      assert.equal(isSilent(row), false);
    });
  }

  const silent = [
    of(),
    of({ from: 'gpt', value: 'a' }),
    of({ role: 'user', content: null }, { role: 'assistant', content: 'a' }),
  ];
  for (const row of silent) {
    it(`is silent where it is readable without a human turn: ${JSON.stringify(row.conversations)}`, () => {
      assert.equal(isSilent(row), true);
    });
  }

  const unreadable: readonly [Row, string][] = [
    [of('q'), '"conversations[0]": expected {from, value} or {role, content}, got "q"'],
    [
      of({ from: 'gpt', value: 'a' }, { from: 'hunam', value: 'q' }),
      '"conversations[1].from": expected human, gpt, system or tool, got "hunam"; did you mean "human"?',
    ],
    [of({ role: 'user', content: 7 }), '"conversations[0].content": expected a text, got 7'],
    [
      of({ speaker: 'user', content: 'q' }),
      '"conversations[0].from": expected human, gpt, system or tool, got nothing',
    ],
  ];
  for (const [row, problem] of unreadable) {
    it(`is refused, never left out, where it cannot be read: ${problem}`, () => {
      assert.equal(isSilent(row), false);
      assert.equal(promptOf(row), problem);
    });
  }
});
