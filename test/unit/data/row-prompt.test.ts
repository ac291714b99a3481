import assert from 'node:assert/strict';
import { type Prompt, promptOf, type RecordForm, type Row } from '../../../engine/data/row-prompt.js';

const asked = (content: string) => [{ role: 'user', content }];

/** Messages made of a record; undefined where none can be made. */
function messagesOf(row: Row): Prompt['messages'] | undefined {
  const prompt = promptOf(row);
  return typeof prompt === 'string' ? undefined : prompt.messages;
}

describe('the messages of a record', () => {
  const conversation = [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Why?' },
  ];
  const table: readonly [string, Row, unknown][] = [
    ['messages', { messages: conversation }, conversation],
    ['a prompt', { prompt: 'Why?' }, asked('Why?')],
    ['an instruction', { instruction: 'Translate.' }, asked('Translate.')],
    ['an instruction with an input', { instruction: 'Translate.', input: 'Haus' }, asked('Translate.\nHaus')],
    [
      'an instruction with a context',
      { instruction: 'When?', context: 'Born in 1879.' },
      asked('When?\nBorn in 1879.'),
    ],
    ['an instruction with an empty input', { instruction: 'Translate.', input: '' }, asked('Translate.')],
    ['an instruction with an output', { instruction: 'Translate.', output: 'house' }, asked('Translate.')],
    ['a question', { question: 'Why?', answer: 'Because.' }, asked('Why?')],
    [
      'a conversation',
      {
        conversations: [
          { from: 'human', value: 'Why?' },
          { from: 'gpt', value: 'So.' },
        ],
      },
      asked('Why?'),
    ],
    ['a conversation of a user', { conversations: [{ from: 'user', value: 'Why?' }] }, asked('Why?')],
    [
      'a conversation that the model began',
      {
        conversations: [
          { from: 'gpt', value: 'Hi' },
          { from: 'human', value: 'Why?' },
        ],
      },
      asked('Why?'),
    ],
    ['a conversation with a hole', { conversations: [null, 'x', { from: 'human', value: 'Why?' }] }, asked('Why?')],
    ['messages with from and value', { messages: [{ from: 'human', value: 'Why?' }] }, asked('Why?')],
    ['a prompt of messages', { prompt: conversation }, conversation],
    [
      'an instruction with a history',
      { instruction: 'Why?', history: [['a', 'b']] },
      [...asked('a'), { role: 'assistant', content: 'b' }, ...asked('Why?')],
    ],
    ['fields in capitals', { ' Instruction ': 'Why?', Output: 'So.' }, asked('Why?')],
    ['messages before a prompt', { prompt: 'no', messages: conversation }, conversation],
    ['a prompt before an instruction', { instruction: 'no', prompt: 'Why?' }, asked('Why?')],
    ['a prompt beside empty messages', { messages: [], prompt: 'Why?' }, asked('Why?')],
    ['an instruction beside an empty prompt', { prompt: '', instruction: 'Why?' }, asked('Why?')],
    ['a question beside a prompt that is no text', { prompt: 7, question: 'Why?' }, asked('Why?')],
    ['nothing', {}, undefined],
    ['other fields', { text: 'Why?', id: 7 }, undefined],
    ['an input alone', { input: 'Haus' }, undefined],
    ['empty texts', { prompt: '', instruction: '', question: '' }, undefined],
    ['a conversation without a human', { conversations: [{ from: 'gpt', value: 'Hi' }] }, undefined],
    ['a conversation in which the human is silent', { conversations: [{ from: 'human', value: '' }] }, undefined],
    ['an empty conversation', { conversations: [] }, undefined],
  ];
  for (const [what, row, messages] of table) {
    it(`${messages ? 'are made of' : 'cannot be made of'} ${what}`, () => assert.deepEqual(messagesOf(row), messages));
  }

  it('are a copy, which a script may change', () => {
    const row: Row = { messages: conversation };
    (messagesOf(row) as unknown[]).push({ role: 'assistant', content: 'Because.' });
    assert.deepEqual(messagesOf(row), conversation);
    assert.equal(conversation.length, 2);
  });

  it('end before an answer', () => {
    const row: Row = { messages: [...conversation, { role: 'assistant', content: 'Because.' }] };
    assert.deepEqual(promptOf(row), { messages: conversation, answer: 'Because.' });
    const alone: Row = { messages: [{ role: 'assistant', content: 'Because.' }] };
    assert.deepEqual(messagesOf(alone), alone.messages);
  });

  it('may have parts, tools, and an assistant that only called them', () => {
    const messages = [
      { role: 'developer', content: [{ type: 'text', text: 'a' }] },
      { role: 'assistant', content: null, tool_calls: [] },
      { role: 'tool', content: '7', tool_call_id: 'x' },
    ];
    assert.deepEqual(messagesOf({ messages }), messages);
  });

  it('may lack the content of an assistant that called tools, and of a tool', () => {
    const called = { role: 'assistant', tool_calls: [{ id: 'x' }] };
    const messages = [...asked('a'), called, { role: 'tool', tool_call_id: 'x' }];
    const expected = [...asked('a'), { ...called, content: null }, { role: 'tool', tool_call_id: 'x', content: '' }];
    assert.deepEqual(messagesOf({ messages }), expected);
  });
});

describe('the answer of a record', () => {
  const turns = (...said: readonly [string, string][]) => said.map(([from, value]) => ({ from, value }));
  const table: readonly [string, Row, Prompt['answer']][] = [
    ['output_tokens', { prompt: 'a', output_tokens: 7 }, 7],
    ['output_tokens in a table', { prompt: 'a', output_tokens: '7' }, 7],
    ['not an empty cell of output_tokens', { prompt: 'a', output_tokens: '' }, undefined],
    ['output_tokens before the text', { prompt: 'a', output_tokens: 7, output: 'b' }, 7],
    ['an output', { instruction: 'a', input: '', output: 'b' }, 'b'],
    ['an answer', { question: 'a', answer: 'b' }, 'b'],
    ['a completion', { prompt: 'a', completion: 'b' }, 'b'],
    ['the turn after that of the human', { conversations: turns(['human', 'a'], ['gpt', 'b'], ['human', 'c']) }, 'b'],
    ['not a second turn of the human', { conversations: turns(['human', 'a'], ['human', 'b']) }, undefined],
    ['an output in capitals', { Prompt: 'a', Output: 'b' }, 'b'],
    ['max_tokens of a batch', { body: { messages: asked('a'), max_tokens: 9 } }, 9],
    ['max_completion_tokens of a batch', { body: { messages: asked('a'), max_completion_tokens: 9 } }, 9],
    ['none', { prompt: 'a' }, undefined],
  ];
  for (const [what, row, answer] of table) {
    it(`is ${what}`, () => {
      const prompt = promptOf(row);
      assert.ok(typeof prompt !== 'string', String(prompt));
      assert.equal(prompt.answer, answer);
    });
  }
});

describe('a record of the wrong form', () => {
  const roles = 'expected system, user, assistant, tool, developer, got';
  const unknown = 'the record has no messages, prompt, instruction, question or conversations; it has';
  const table: readonly [RecordForm | undefined, Row, string][] = [
    ['alpaca', { prompt: 'a', output_tokens: 3 }, '"instruction" is missing; it has prompt, output_tokens'],
    ['alpaca', { instruction: '' }, '"instruction" is empty'],
    ['alpaca', { instruction: ['a'] }, '"instruction": expected a text, got ["a"]'],
    ['alpaca', { instruction: 'a', input: 7 }, '"input": expected a text, got 7'],
    ['alpaca', { instruction: 'a', context: 7 }, '"context": expected a text, got 7'],
    ['vllm', {}, '"prompt" is missing; it has no field'],
    ['vllm', { prompt: 'a', output_tokens: 0 }, '"output_tokens": expected a whole number from 1, got 0'],
    ['vllm', { prompt: 'a', output_tokens: 'many' }, '"output_tokens": expected a whole number from 1, got "many"'],
    ['sharegpt', { talks: [] }, '"conversations" is missing; it has talks'],
    ['sharegpt', { conversations: 'a' }, '"conversations": expected a list of turns, got "a"'],
    [
      'sharegpt',
      { conversations: [{ from: 'gpt', value: 'a' }] },
      '"conversations": no turn is from a human ("from": "human" and a "value")',
    ],
    ['openai', { prompt: 'a' }, '"messages" is missing; it has prompt'],
    ['openai', { messages: 'a' }, '"messages": expected a list of messages, got "a"'],
    ['openai', { messages: [] }, '"messages" is empty'],
    ['openai', { body: { model: 'm' } }, '"body.messages" is missing; it has model'],
    ['openai', { messages: ['a'] }, '"messages[0]": expected {role, content}, got "a"'],
    [
      'openai',
      { messages: [...asked('a'), { role: 'asistant', content: 'b' }] },
      `"messages[1].role": ${roles} "asistant"; did you mean "assistant"?`,
    ],
    ['openai', { messages: [{ role: 'user' }] }, '"messages[0].content": expected a text, got nothing'],
    ['openai', { messages: [{ role: 'user', content: null }] }, '"messages[0].content": expected a text, got null'],
    [undefined, { text: 'a', id: 1 }, `${unknown} text, id`],
    [undefined, { messages: [{ name: 'human', value: 'a' }] }, `"messages[0].role": ${roles} nothing`],
    [undefined, { prompt: [{ role: 'user', content: 7 }] }, '"prompt[0].content": expected a text, got 7'],
    ['alpaca', { instruction: 'a', history: ['b'] }, '"history": expected a list of [question, answer], got ["b"]'],
    [undefined, { prompt: { long: 'x'.repeat(50) } }, `"prompt": expected a text, got {"long":"${'x'.repeat(30)}…`],
    [
      undefined,
      Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`c${n}`, n])),
      `${unknown} c0, c1, c2, c3, c4, c5, c6, c7, …`,
    ],
  ];
  for (const [form, row, problem] of table) {
    it(`is refused: ${problem}`, () => assert.equal(promptOf(row, form), problem));
  }
});
