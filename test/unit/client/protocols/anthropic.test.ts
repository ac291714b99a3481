import assert from 'node:assert/strict';
import { anthropicProtocol } from '../../../../engine/client/protocols/anthropic.js';
import { hear, recordings, sse } from './recorded.js';

const event = (type: string, fields: object = {}) => [type, { type, ...fields }] as const;
const begin = (usage: object) =>
  event('message_start', { message: { id: 'msg_1', type: 'message', role: 'assistant', content: [], usage } });
const block = (index: number, content_block: object) => event('content_block_start', { index, content_block });
const delta = (index: number, type: string, fields: object) =>
  event('content_block_delta', { index, delta: { type, ...fields } });
const text = (piece: string, index = 0) => delta(index, 'text_delta', { text: piece });
const stop = (index: number) => event('content_block_stop', { index });
const end = (stop_reason: string, usage: object) =>
  [event('message_delta', { delta: { stop_reason, stop_sequence: null }, usage }), event('message_stop')] as const;

describe('a stream of the Messages API', () => {
  recordings(anthropicProtocol, [
    [
      'as Anthropic sends it, with thinking, pings and a cached prompt',
      sse(
        begin({ input_tokens: 3, cache_creation_input_tokens: 0, cache_read_input_tokens: 100, output_tokens: 1 }),
        block(0, { type: 'thinking', thinking: '', signature: '' }),
        event('ping'),
        delta(0, 'thinking_delta', { thinking: '让我' }),
        delta(0, 'thinking_delta', { thinking: '' }),
        delta(0, 'signature_delta', { signature: 'EqQ=' }),
        stop(0),
        block(1, { type: 'text', text: '' }),
        text('Four', 1),
        text('.', 1),
        stop(1),
        ...end('end_turn', { output_tokens: 4 }),
      ),
      {
        reasoning: '让我',
        text: 'Four.',
        finishReason: 'stop',
        usage: { inputTokens: 103, outputTokens: 4, cachedTokens: 100 },
        pieces: ['让我', 'Four', '.'],
        tokens: [1, 1, 1],
      },
    ],
    [
      'as vLLM sends it, with the counts at the end',
      sse(
        begin({ input_tokens: 0, output_tokens: 0 }),
        block(0, { type: 'text', text: '' }),
        text('Hi'),
        text(' you'),
        stop(0),
        ...end('max_tokens', { input_tokens: 7, output_tokens: 2 }),
      ),
      { text: 'Hi you', finishReason: 'length', usage: { inputTokens: 7, outputTokens: 2 }, tokens: [1, 1] },
    ],
    [
      'that calls tools',
      sse(
        begin({ input_tokens: 9, output_tokens: 1 }),
        block(0, { type: 'text', text: '' }),
        text('I look.'),
        stop(0),
        block(1, { type: 'tool_use', id: 'toolu_1', name: 'weather', input: {} }),
        delta(1, 'input_json_delta', { partial_json: '' }),
        delta(1, 'input_json_delta', { partial_json: '{"ci' }),
        delta(1, 'input_json_delta', { partial_json: 'ty": "北京"}' }),
        stop(1),
        block(2, { type: 'tool_use', id: 'toolu_2', name: 'time', input: { zone: 'CST' } }),
        stop(2),
        ...end('tool_use', { output_tokens: 20 }),
      ),
      {
        text: 'I look.',
        toolCalls: [
          ['toolu_1', 'weather', '{"city": "北京"}'],
          ['toolu_2', 'time', '{"zone":"CST"}'],
        ],
        finishReason: 'tool_calls',
        usage: { inputTokens: 9, outputTokens: 20 },
        pieces: ['I look.', '', '{"ci', 'ty": "北京"}', ''],
        tokens: [4, 4, 4, 4, 3],
      },
    ],
    [
      'whose first piece stands in the block itself',
      sse(block(0, { type: 'text', text: 'Hi' }), ...end('stop_sequence', { output_tokens: 1 })),
      { text: 'Hi', finishReason: 'stop', usage: { inputTokens: undefined, outputTokens: 1 }, pieces: ['Hi'] },
    ],
    [
      'with a reason that OpenAI has no word for',
      sse(text('Hi'), ...end('pause_turn', { output_tokens: 1 })),
      { text: 'Hi', finishReason: 'pause_turn', usage: { inputTokens: undefined, outputTokens: 1 } },
    ],
    [
      'that breaks off with an error',
      sse(
        begin({ input_tokens: 9, output_tokens: 1 }),
        text('Hi'),
        event('error', { error: { type: 'overloaded_error', message: 'Overloaded' } }),
      ),
      {
        text: 'Hi',
        done: false,
        usage: { inputTokens: 9, outputTokens: undefined },
        failure: { kind: 'stream_error', message: 'Overloaded' },
        tokens: [1],
      },
    ],
    [
      'that is cut, whose tokens are then the events',
      sse(begin({ input_tokens: 9, output_tokens: 1 }), text('Hi'), text(' you'), text('!')),
      { text: 'Hi you!', done: false, usage: { inputTokens: 9, outputTokens: undefined }, tokens: [1, 1, 1] },
    ],
  ]);

  it('has its first chunk where the message begins', () => {
    const events = [begin({}), block(0, { type: 'text', text: '' }), text('Hi')].map((each) => Buffer.from(sse(each)));
    const { firstChunkAt, firstTokenAt } = hear(anthropicProtocol, events).exchange;
    assert.deepEqual([firstChunkAt, firstTokenAt], [1, 3]);
  });

  it('may be in one piece', () => {
    const body = {
      type: 'message',
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'Hm.', signature: 'x' },
        { type: 'text', text: 'Four.' },
        { type: 'tool_use', id: 't', name: 'f', input: { a: 1 } },
      ],
      stop_reason: 'tool_use',
      usage: { input_tokens: 9, output_tokens: 5 },
    };
    const { heard } = hear(anthropicProtocol, [Buffer.from(JSON.stringify(body))], false);
    assert.deepEqual(heard, {
      text: 'Four.',
      reasoning: 'Hm.',
      toolCalls: [['t', 'f', '{"a":1}']],
      finishReason: 'tool_calls',
      usage: { inputTokens: 9, outputTokens: 5 },
      done: true,
      pieces: [],
      tokens: [],
    });
  });
});
