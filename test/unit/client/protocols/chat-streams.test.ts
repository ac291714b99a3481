import assert from 'node:assert/strict';
import { chatProtocol } from '../../../../engine/client/protocols/chat.js';
import { hear, recordings, sse } from './recorded.js';

const HEAD = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'qwen' };

const chunk = (delta: object, finish_reason: string | null = null, more: object = {}) => ({
  ...HEAD,
  choices: [{ index: 0, delta, logprobs: null, finish_reason }],
  ...more,
});
const ends = (prompt_tokens: number, completion_tokens: number) => ({
  ...HEAD,
  choices: [],
  usage: { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens },
});
const calls = (...pieces: readonly object[]) => ({ tool_calls: pieces });

describe('a stream of a chat completion', () => {
  recordings(chatProtocol, [
    [
      'as vLLM sends reasoning and an answer',
      sse(
        chunk({ role: 'assistant', content: '' }),
        chunk({ reasoning_content: 'Let me' }),
        chunk({ reasoning_content: ' 想想' }),
        chunk({ content: '四' }),
        chunk({ content: '。' }),
        chunk({ content: '' }, 'stop', { stop_reason: null }),
        ends(9, 5),
        '[DONE]',
      ),
      {
        reasoning: 'Let me 想想',
        text: '四。',
        finishReason: 'stop',
        usage: { inputTokens: 9, outputTokens: 5 },
        pieces: ['Let me', ' 想想', '四', '。'],
        tokens: [1, 1, 1, 1],
      },
    ],
    [
      'as newer servers name reasoning, and without [DONE]',
      sse(
        chunk({ role: 'assistant', content: null, reasoning: 'Hm' }),
        chunk({ reasoning: '.', reasoning_content: null }),
        chunk({ content: 'Hi' }, 'length'),
      ),
      { reasoning: 'Hm.', text: 'Hi', finishReason: 'length', done: false, tokens: [1, 1, 1] },
    ],
    [
      'as vLLM sends tool calls, their arguments split anywhere',
      sse(
        chunk({ role: 'assistant', content: '' }),
        chunk(calls({ index: 0, id: 'call_a', type: 'function', function: { name: 'weather' } })),
        chunk(calls({ index: 0, function: { arguments: '{"ci' } })),
        chunk(calls({ index: 0, function: { arguments: '' } })),
        chunk(calls({ index: 0, function: { arguments: 'ty": "北京"}' } })),
        chunk(calls({ index: 1, id: 'call_b', type: 'function', function: { name: 'time', arguments: '{}' } })),
        chunk({}, 'tool_calls'),
        '[DONE]',
      ),
      {
        toolCalls: [
          ['call_a', 'weather', '{"city": "北京"}'],
          ['call_b', 'time', '{}'],
        ],
        finishReason: 'tool_calls',
        pieces: ['', '{"ci', '', 'ty": "北京"}', '{}'],
      },
    ],
    [
      'with calls that come mixed, two to an event',
      sse(
        chunk(
          calls(
            { index: 1, id: 'b', function: { name: 'two', arguments: '[' } },
            { index: 0, id: 'a', function: { name: 'one', arguments: '{' } },
          ),
        ),
        chunk(calls({ index: 0, function: { arguments: '}' } }, { index: 1, function: { arguments: ']' } })),
        '[DONE]',
      ),
      {
        toolCalls: [
          ['b', 'two', '[]'],
          ['a', 'one', '{}'],
        ],
        pieces: ['[{', '}]'],
      },
    ],
    [
      'with a new id in each piece, as older vLLM has it',
      sse(
        chunk(calls({ index: 0, id: 'call_1', function: { name: 'f', arguments: '{"a"' } })),
        chunk(calls({ index: 0, id: 'call_2', function: { arguments: ': 1}' } })),
        '[DONE]',
      ),
      { toolCalls: [['call_1', 'f', '{"a": 1}']] },
    ],
    [
      'with id and name in each piece',
      sse(
        chunk(calls({ index: 0, id: 'c', function: { name: 'f', arguments: '{' } })),
        chunk(calls({ index: 0, id: 'c', function: { name: 'f', arguments: '}' } })),
        '[DONE]',
      ),
      { toolCalls: [['c', 'f', '{}']] },
    ],
    [
      'with calls that all have the number 0',
      sse(
        chunk(calls({ index: 0, id: 'a', function: { name: 'f', arguments: '{}' } })),
        chunk(calls({ index: 0, id: 'b', function: { name: 'g', arguments: '{}' } })),
        '[DONE]',
      ),
      {
        toolCalls: [
          ['a', 'f', '{}'],
          ['b', 'g', '{}'],
        ],
      },
    ],
    [
      'with calls that have no number',
      sse(
        chunk(calls({ id: 'a', function: { name: 'f', arguments: '{' } }, { function: { arguments: '}' } })),
        chunk(calls({ id: 'b', function: { name: 'f', arguments: '{}' } })),
        '[DONE]',
      ),
      {
        toolCalls: [
          ['a', 'f', '{}'],
          ['b', 'f', '{}'],
        ],
      },
    ],
    [
      'with text before a call',
      sse(chunk({ content: 'I look.' }), chunk(calls({ index: 0, id: 'a', function: { name: 'f' } })), '[DONE]'),
      { text: 'I look.', toolCalls: [['a', 'f', '']], pieces: ['I look.', ''] },
    ],
    [
      'with usage in the middle and null choices',
      sse(chunk({ content: 'a' }), ends(4, 2), { ...HEAD, choices: null }, chunk({ content: 'b' }, 'stop'), '[DONE]'),
      { text: 'ab', finishReason: 'stop', usage: { inputTokens: 4, outputTokens: 2 }, tokens: [1, 1] },
    ],
    [
      'as OpenAI refuses',
      sse(chunk({ role: 'assistant', content: '', refusal: null }), chunk({ refusal: 'I cannot' }), '[DONE]'),
      { text: 'I cannot', pieces: ['I cannot'] },
    ],
    [
      'with comments, other fields and carriage returns between',
      ': OPENROUTER PROCESSING\r\n\r\nid: 1\r\nevent: message\r\ndata: {"choices":[{"delta":{"content":"Hi"}}]}\r\n\r\ndata: [DONE]\r\n\r\n',
      { text: 'Hi' },
    ],
    [
      'in one event of the form of an answer in one piece',
      sse({ ...HEAD, choices: [{ index: 0, message: { content: 'Hi' }, finish_reason: 'stop' }] }, '[DONE]'),
      { text: 'Hi', finishReason: 'stop', pieces: ['Hi'] },
    ],
    [
      'with the whole message beside each piece',
      sse(
        { choices: [{ index: 0, delta: { content: 'a' }, message: { content: 'a' } }] },
        { choices: [{ index: 0, delta: { content: 'b' }, message: { content: 'ab' } }] },
        { choices: [{ index: 0, message: { content: 'ab' }, finish_reason: 'stop' }] },
        '[DONE]',
      ),
      { text: 'ab', finishReason: 'stop', pieces: ['a', 'b'] },
    ],
    [
      'with a message in place of each delta, all so far',
      sse(
        ...['a', 'ab', 'abc', 'abc'].map((content) => ({ choices: [{ index: 0, message: { content } }] })),
        { choices: [{ index: 0, message: { content: 'abc' }, finish_reason: 'stop' }] },
        '[DONE]',
      ),
      { text: 'abc', finishReason: 'stop', pieces: ['a', 'b', 'c'] },
    ],
    [
      'with a message in place of each delta, one part each',
      sse(
        ...['ha', 'x', 'xy', 'ha'].map((content) => ({ choices: [{ index: 0, message: { content } }] })),
        { choices: [{ index: 0, message: { content: '' }, finish_reason: 'stop' }] },
        '[DONE]',
      ),
      { text: 'haxxyha', finishReason: 'stop', pieces: ['ha', 'x', 'xy', 'ha'] },
    ],
    ['with a blank behind its end', `${sse(chunk({ content: 'Hi' }))}data:[DONE] \n\n`, { text: 'Hi' }],
    [
      'with indices and nulls as text',
      sse(
        { choices: [{ index: '1', delta: { content: 'x' } }] },
        { choices: [{ index: '0', delta: { content: 'a' }, finish_reason: 'null' }] },
      ),
      { text: 'a', finishReason: undefined, done: false },
    ],
    [
      'with an error in its middle, after which nothing counts',
      sse(chunk({ content: 'Hi' }), { error: { message: 'CUDA out of memory', code: 500 } }, chunk({ content: '!' })),
      { text: 'Hi', done: false, failure: { kind: 'stream_error', message: 'CUDA out of memory' } },
    ],
  ]);
});

describe('a chat completion in one piece', () => {
  const whole = (message: object, finish_reason: string, more: object = {}) =>
    Buffer.from(JSON.stringify({ ...HEAD, choices: [{ index: 0, message, finish_reason }], ...more }));
  const usage = { prompt_tokens: 9, completion_tokens: 7, total_tokens: 16 };

  it('has text, reasoning and counts, but no instant of a token', () => {
    const body = whole({ role: 'assistant', content: 'Four.', reasoning_content: 'Hm.' }, 'stop', { usage });
    const { exchange, heard } = hear(chatProtocol, [body.subarray(0, 9), body.subarray(9)], false);
    assert.deepEqual(heard, {
      text: 'Four.',
      reasoning: 'Hm.',
      toolCalls: [],
      finishReason: 'stop',
      usage: { inputTokens: 9, outputTokens: 7 },
      done: true,
      pieces: [],
      tokens: [],
    });
    const { firstChunkAt, firstTokenAt, firstAnswerAt, lastTokenAt } = exchange;
    assert.deepEqual([firstChunkAt, firstTokenAt, firstAnswerAt, lastTokenAt], Array(4).fill(undefined));
  });

  it('has tool calls, which are not numbered there', () => {
    const call = (id: string) => ({ id, type: 'function', function: { name: 'f', arguments: '{"a":1}' } });
    const body = whole({ content: null, tool_calls: [call('x'), call('y')] }, 'tool_calls');
    assert.deepEqual(hear(chatProtocol, [body], false).heard.toolCalls, [
      ['x', 'f', '{"a":1}'],
      ['y', 'f', '{"a":1}'],
    ]);
  });

  for (const [what, body, kind, message] of [
    ['an error', '{"error":{"message":"out of memory"}}', 'stream_error', 'out of memory'],
    ['no JSON', 'upstream timed out', 'malformed', 'the answer is not JSON: upstream timed out'],
    ['no object', '"Four."', 'malformed', 'the answer is no object: "Four."'],
    ['nothing', '', 'malformed', 'the answer is not JSON: '],
  ] as const) {
    it(`fails where it is ${what}`, () => {
      const { heard } = hear(chatProtocol, [Buffer.from(body)], false);
      assert.deepEqual([heard.failure, heard.done], [{ kind, message }, false]);
    });
  }
});
