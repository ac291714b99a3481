import assert from 'node:assert/strict';
import { messagesOf } from '../../../engine/data/messages.js';
import type { Row } from '../../../engine/data/rows.js';

const asked = (content: string) => [{ role: 'user', content }];

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

  it('are a list of their own, to which a script may add', () => {
    const row: Row = { messages: conversation };
    messagesOf(row)?.push({ role: 'assistant', content: 'Because.' });
    assert.deepEqual(messagesOf(row), conversation);
    assert.equal(conversation.length, 2);
  });
});
