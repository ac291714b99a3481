import assert from 'node:assert/strict';
import { strikeWrongCounts } from '../../../engine/client/believed-counts.js';
import { type Exchange, openExchange } from '../../../engine/client/exchange.js';
import { anthropicProtocol } from '../../../engine/client/protocols/anthropic.js';
import { chatProtocol } from '../../../engine/client/protocols/chat.js';
import { ollamaProtocol } from '../../../engine/client/protocols/ollama.js';
import { responsesProtocol } from '../../../engine/client/protocols/responses.js';
import { figuresOf } from '../../../engine/client/request-figures.js';
import { ServerHabits } from '../../../engine/client/server-habits.js';
import { shareTokens } from '../../../engine/client/share-tokens.js';

const WORDS = ['The ', 'sky ', 'is ', 'blue ', 'because '];

/** Exchange of events 10 ms apart: one per word, then `last`. Its token counts have been checked and shared out. */
function answerOf(
  last: readonly object[],
  { words = WORDS, each = () => ({}), habits = new ServerHabits() }: Partial<Given> = {},
): Exchange {
  const exchange = openExchange('chat', 'm', 0);
  const content = words.map((word, i) => ({ choices: [{ index: 0, delta: { content: word } }], ...each(i) }));
  for (const [i, event] of [...content, ...last].entries()) {
    chatProtocol.decode({ data: JSON.stringify(event) }, 100 + 10 * i, exchange);
  }
  strikeWrongCounts(exchange, habits);
  shareTokens(exchange, habits);
  return exchange;
}

interface Given {
  readonly words: readonly string[];
  /** Further fields of each event. */
  readonly each: (index: number) => object;
  readonly habits: ServerHabits;
}

const STOP = { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };
const usage = (output: unknown, input: unknown = 7) => ({
  choices: [],
  usage: { prompt_tokens: input, completion_tokens: output },
});

describe('a token count by the server', () => {
  const wrong: readonly [string, unknown, string][] = [
    ['a text', '5', 'no whole number'],
    ['a word', 'few', 'no whole number'],
    ['an object', {}, 'no whole number'],
    ['a list', [5], 'no whole number'],
    ['a truth', true, 'no whole number'],
    ['fewer than none', -1, 'no whole number'],
    ['a fraction', 5.5, 'no whole number'],
    ['beyond all numbers', 1e300, 'no whole number'],
    ['none', 0, 'no token beside text'],
    ['more than the bytes', 500, 'more tokens than the text can hold'],
    ['slightly more than the bytes', 50, 'more tokens than the text can hold'],
    ['more than could ever be', 1e9, 'more tokens than the text can hold'],
  ];
  for (const [what, told, doubt] of wrong) {
    it(`is replaced by events where it is ${what}`, () => {
      const exchange = answerOf([STOP, usage(told)]);
      assert.equal(exchange.doubt, doubt);
      assert.deepEqual(exchange.usage, { inputTokens: 7, outputTokens: undefined });
      const { outputTokens, tpot } = figuresOf(exchange);
      assert.deepEqual([outputTokens, tpot], [5, 10]);
    });
  }

  it('may exceed the bytes by markup that is not shown', () => {
    const call = { index: 0, id: 'c', function: { name: 'f', arguments: '{}' } };
    const calls = [{ choices: [{ index: 0, delta: { tool_calls: [call] } }] }];
    for (const [last, told] of [
      [[STOP], 40],
      [[...calls, STOP], 100],
    ] as const) {
      assert.equal(answerOf([...last, usage(told)]).usage?.outputTokens, told);
    }
  });

  it('is rejected where it is one for a page of text', () => {
    assert.equal(
      answerOf([STOP, usage(1)], { words: ['x'.repeat(400), 'y'] }).doubt,
      'fewer tokens than the text can be',
    );
  });

  for (const [what, each] of [
    ['the last of all', () => usage(20)],
    ['one for each', () => usage(1)],
  ] as const) {
    it(`is rejected where it is the same in every event: ${what}`, () => {
      const exchange = answerOf([STOP], { each: () => ({ usage: each().usage }) });
      assert.equal(exchange.doubt, 'the same in every event');
      assert.deepEqual(exchange.chunkTokens, [1, 1, 1, 1, 1]);
    });
  }

  it('is rejected where each event has more tokens than bytes, and not where one brings what was held back', () => {
    const each = (told: (i: number) => number) => (i: number) => ({ usage: usage(told(i)).usage });
    const all = answerOf([STOP, usage(50)], { each: each((i) => 10 * (i + 1)) });
    assert.deepEqual([all.doubt, all.chunkTokens], ['more tokens than the text can hold', [1, 1, 1, 1, 1]]);
    const first = answerOf([STOP, usage(104)], { each: each((i) => 100 + i) });
    assert.deepEqual([first.doubt, first.chunkTokens], [undefined, [100, 1, 1, 1, 1]]);
  });

  it('is that of the whole answer where each event has one of its own', () => {
    const each = () => ({ usage: { prompt_tokens: 7, completion_tokens: 2 } });
    const { doubt, usage: told, chunkTokens } = answerOf([STOP, usage(9)], { each });
    assert.deepEqual([doubt, told?.outputTokens, chunkTokens], [undefined, 9, [1, 2, 2, 2, 1]]);
  });

  it('is rejected where it shrinks', () => {
    const each = (i: number) => ({ usage: { prompt_tokens: 7, completion_tokens: 9 - i } });
    assert.equal(answerOf([STOP], { each }).doubt, 'shrinking');
  });

  it('is rejected once it is the same for answers of every length', () => {
    const habits = new ServerHabits();
    const doubts = [3, 30, 5, 60, 4].map((words) => {
      const text = Array.from({ length: words }, () => 'word ');
      return answerOf([STOP, usage(20)], { words: text, habits }).doubt;
    });
    assert.deepEqual(doubts.slice(0, 2), [undefined, undefined]);
    assert.deepEqual(doubts.slice(3), Array(2).fill('the same for answers of every length'));
  });

  it('may be the same for answers that were cut', () => {
    const habits = new ServerHabits();
    const cut = { choices: [{ index: 0, delta: {}, finish_reason: 'length' }] };
    for (const size of [1, 40, 2, 50, 3]) {
      const words = Array.from({ length: 8 }, () => 'x'.repeat(size));
      assert.equal(answerOf([cut, usage(8)], { words, habits }).doubt, undefined);
    }
  });

  it('of the input is undefined where it is 0, and rejected where it is no number', () => {
    assert.deepEqual(answerOf([STOP, usage(5, 0)]).usage, { inputTokens: undefined, outputTokens: 5 });
    const { usage: told, inputDoubt } = answerOf([STOP, usage(5, 'many')]);
    assert.deepEqual([told?.inputTokens, inputDoubt], [undefined, 'no whole number']);
    const huge = answerOf([STOP, usage(5, 1e9)]);
    assert.deepEqual([huge.usage?.inputTokens, huge.inputDoubt], [undefined, 'more tokens than the text can hold']);
    assert.equal(answerOf([STOP, usage(5, 1_000_000)]).usage?.inputTokens, 1_000_000);
  });

  const elsewhere: readonly [string, object][] = [
    ['in the choice', { choices: [{ index: 0, delta: {}, finish_reason: 'stop', usage: usage(6).usage }] }],
    ["in Groq's own field", { ...STOP, x_groq: { id: 'r', usage: usage(6).usage } }],
    ["under the names of Anthropic's API", { ...STOP, usage: { input_tokens: 7, output_tokens: 6 } }],
    ["in llama.cpp's timings", { ...STOP, timings: { prompt_n: 7, predicted_n: 6 } }],
  ];
  for (const [what, event] of elsewhere) {
    it(`is read ${what}`, () => assert.equal(answerOf([event]).usage?.outputTokens, 6));
  }

  it('is that of the ids of its tokens, silent steps included', () => {
    const ids = [[1, 2, 3], [4], [5, 6], [7], [8]];
    const each = (i: number) => ({ choices: [{ index: 0, delta: { content: WORDS[i] }, token_ids: ids[i] }] });
    assert.deepEqual(answerOf([STOP, usage(9)], { each }).chunkTokens, [3, 1, 2, 1, 1]);
  });

  it('is rejected in every protocol', () => {
    for (const [protocol, events] of [
      [
        anthropicProtocol,
        [
          { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hi' } },
          { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: '3' } },
        ],
      ],
      [ollamaProtocol, [{ message: { content: 'Hi' } }, { done: true, eval_count: -2 }]],
      [
        responsesProtocol,
        [
          { type: 'response.output_text.delta', delta: 'Hi' },
          { type: 'response.completed', response: { usage: { output_tokens: 0.5 } } },
        ],
      ],
    ] as const) {
      const exchange = openExchange('test', 'm', 0);
      for (const [at, event] of events.entries()) protocol.decode({ data: JSON.stringify(event) }, at, exchange);
      strikeWrongCounts(exchange, new ServerHabits());
      assert.deepEqual([exchange.doubt, exchange.usage?.outputTokens], ['no whole number', undefined]);
    }
  });
});
