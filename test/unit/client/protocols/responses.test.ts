import assert from 'node:assert/strict';
import { type ResponsesBody, responsesProtocol } from '../../../../engine/client/protocols/responses.js';
import { hear, recordings, sse } from './recorded.js';

const event = (type: string, fields: object = {}) =>
  [`response.${type}`, { type: `response.${type}`, ...fields }] as const;
const usage = { input_tokens: 9, output_tokens: 5, output_tokens_details: { reasoning_tokens: 2 }, total_tokens: 14 };
const response = (status: string, more: object = {}) => ({
  response: { id: 'resp_1', object: 'response', status, error: null, output: [], usage: null, ...more },
});
const text = (delta: string, output_index = 0) =>
  event('output_text.delta', { item_id: 'msg_1', output_index, content_index: 0, delta, logprobs: [] });
const added = (output_index: number, item: object) => event('output_item.added', { output_index, item });
const opening = [event('created', response('in_progress')), event('in_progress', response('in_progress'))] as const;

describe("a responses request's body", () => {
  const sent = (request: Partial<ResponsesBody>) =>
    JSON.parse(String(responsesProtocol.encode({ messages: 'Hi', ...request }, 'm', true))) as Record<string, unknown>;
  const hi = { model: 'm', input: [{ role: 'user', content: 'Hi' }], stream: true };

  const table: readonly [string, Partial<ResponsesBody>, object][] = [
    ['nothing that was not asked for', {}, hi],
    [
      'every field under the name of the API',
      { maxTokens: 5, temperature: 0.5, topP: 0.9, stream: false },
      { ...hi, max_output_tokens: 5, temperature: 0.5, top_p: 0.9, stream: false },
    ],
    [
      'what the API does not know',
      { extraBody: { reasoning: { effort: 'low' } } },
      { ...hi, reasoning: { effort: 'low' } },
    ],
    [
      'tools in its flat form, and those of its own as they are',
      {
        tools: [{ type: 'function', function: { name: 'f', parameters: { type: 'object' } } }, { type: 'web_search' }],
        toolChoice: { type: 'function', function: { name: 'f' } },
      },
      {
        ...hi,
        tools: [{ type: 'function', name: 'f', parameters: { type: 'object' } }, { type: 'web_search' }],
        tool_choice: { type: 'function', name: 'f' },
      },
    ],
    ['a choice of tools', { toolChoice: 'required' }, { ...hi, tool_choice: 'required' }],
    [
      'a form of the answer',
      { responseFormat: { type: 'json_schema', json_schema: { name: 'n', schema: {}, strict: true } } },
      { ...hi, text: { format: { type: 'json_schema', name: 'n', schema: {}, strict: true } } },
    ],
    [
      'images as parts of its own',
      {
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'What?' },
              { type: 'image_url', image_url: { url: 'data:image/png;base64,AA', detail: 'low' } },
              { type: 'input_file', file_id: 'f' },
            ],
          },
        ],
      },
      {
        ...hi,
        input: [
          {
            role: 'user',
            content: [
              { type: 'input_text', text: 'What?' },
              { type: 'input_image', image_url: 'data:image/png;base64,AA', detail: 'low' },
              { type: 'input_file', file_id: 'f' },
            ],
          },
        ],
      },
    ],
    [
      'calls and what came of them as items',
      {
        messages: [
          {
            role: 'assistant',
            content: null,
            tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }],
          },
          { role: 'tool', tool_call_id: 'c', content: 'sunny' },
        ],
      },
      {
        ...hi,
        input: [
          { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' },
          { type: 'function_call_output', call_id: 'c', output: 'sunny' },
        ],
      },
    ],
  ];
  for (const [what, request, expected] of table) it(`has ${what}`, () => assert.deepEqual(sent(request), expected));
});

const message = (text: string) => ({ type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] });

describe('a stream of a response', () => {
  recordings(responsesProtocol, [
    [
      'as OpenAI sends it, with a summary of its reasoning',
      sse(
        ...opening,
        added(0, { id: 'rs_1', type: 'reasoning', summary: [] }),
        event('reasoning_summary_part.added', { item_id: 'rs_1', part: { type: 'summary_text', text: '' } }),
        event('reasoning_summary_text.delta', { item_id: 'rs_1', output_index: 0, delta: '**想**' }),
        event('reasoning_summary_text.done', { item_id: 'rs_1', output_index: 0, text: '**想**' }),
        added(1, { id: 'msg_1', type: 'message', status: 'in_progress', content: [], role: 'assistant' }),
        event('content_part.added', { output_index: 1, part: { type: 'output_text', text: '' } }),
        text('Four', 1),
        text('', 1),
        text('.', 1),
        event('output_text.done', { output_index: 1, text: 'Four.' }),
        event('completed', response('completed', { usage })),
      ),
      {
        reasoning: '**想**',
        text: 'Four.',
        finishReason: 'stop',
        usage: { inputTokens: 9, outputTokens: 5, reasoningTokens: 2 },
        pieces: ['**想**', 'Four', '.'],
        tokens: [1, 2, 1],
      },
    ],
    [
      'as vLLM sends it, with the reasoning itself, and [DONE]',
      sse(
        ...opening,
        event('reasoning_text.delta', { output_index: 0, delta: 'Hm' }),
        event('reasoning_text.done', { output_index: 0, text: 'Hm' }),
        text('Hi', 1),
        event('incomplete', response('incomplete', { incomplete_details: { reason: 'max_output_tokens' }, usage })),
        '[DONE]',
      ),
      {
        reasoning: 'Hm',
        text: 'Hi',
        finishReason: 'length',
        usage: { inputTokens: 9, outputTokens: 5, reasoningTokens: 2 },
      },
    ],
    [
      'that calls tools',
      sse(
        ...opening,
        added(0, { id: 'fc_1', type: 'function_call', call_id: 'call_1', name: 'weather', arguments: '' }),
        event('function_call_arguments.delta', { item_id: 'fc_1', output_index: 0, delta: '{"city"' }),
        event('function_call_arguments.delta', { item_id: 'fc_1', output_index: 0, delta: ':"北京"}' }),
        event('function_call_arguments.done', { item_id: 'fc_1', output_index: 0, arguments: '{"city":"北京"}' }),
        event('output_item.done', {
          output_index: 0,
          item: { type: 'function_call', call_id: 'call_1', name: 'weather', arguments: '{"city":"北京"}' },
        }),
        added(1, { id: 'fc_2', type: 'function_call', call_id: 'call_2', name: 'time', arguments: '' }),
        event('output_item.done', {
          output_index: 1,
          item: { type: 'function_call', call_id: 'call_2', name: 'time', arguments: '{}' },
        }),
        event('completed', response('completed')),
      ),
      {
        toolCalls: [
          ['call_1', 'weather', '{"city":"北京"}'],
          ['call_2', 'time', '{}'],
        ],
        finishReason: 'tool_calls',
        pieces: ['', '{"city"', ':"北京"}', '', '{}'],
      },
    ],
    [
      'that refuses',
      sse(event('refusal.delta', { output_index: 0, delta: 'No.' }), event('completed', response('completed'))),
      { text: 'No.', finishReason: 'stop' },
    ],
    [
      'that is filtered',
      sse(
        text('Hi'),
        event('incomplete', response('incomplete', { incomplete_details: { reason: 'content_filter' } })),
      ),
      { text: 'Hi', finishReason: 'content_filter' },
    ],
    [
      'that fails',
      sse(
        text('Hi'),
        event('failed', response('failed', { error: { code: 'server_error', message: 'out of memory' } })),
      ),
      { text: 'Hi', done: false, failure: { kind: 'stream_error', message: 'out of memory' } },
    ],
    [
      'that breaks off with an error',
      sse(text('Hi'), ['error', { type: 'error', code: 'rate_limit', message: 'slow down', param: null }]),
      { text: 'Hi', done: false, failure: { kind: 'stream_error', message: 'slow down' } },
    ],
    [
      'that has all of its output in the last event',
      sse(event('completed', response('completed', { output: [message('Hi')] }))),
      { text: 'Hi', finishReason: 'stop', pieces: ['Hi'] },
    ],
    ['that is cut', sse(...opening, text('Hi')), { text: 'Hi', done: false }],
  ]);

  it('has its first chunk where its first item begins, not where the request was accepted', () => {
    const events = [...opening, added(0, { type: 'message' }), text('Hi')].map((each) => Buffer.from(sse(each)));
    const { firstChunkAt, firstTokenAt, firstAnswerAt } = hear(responsesProtocol, events).exchange;
    assert.deepEqual([firstChunkAt, firstTokenAt, firstAnswerAt], [3, 4, 4]);
  });

  it('may be in one piece', () => {
    const output = [
      {
        type: 'reasoning',
        summary: [{ type: 'summary_text', text: 'Hm' }],
        content: [{ type: 'reasoning_text', text: '.' }],
      },
      message('Four.'),
      { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' },
    ];
    const body = response('completed', { output, usage }).response;
    const { heard } = hear(responsesProtocol, [Buffer.from(JSON.stringify(body))], false);
    assert.deepEqual(heard, {
      text: 'Four.',
      reasoning: 'Hm.',
      toolCalls: [['c', 'f', '{}']],
      finishReason: 'tool_calls',
      usage: { inputTokens: 9, outputTokens: 5, reasoningTokens: 2 },
      done: true,
      pieces: [],
      tokens: [],
    });
  });

  it('fails in one piece by its error', () => {
    const body = response('failed', { error: { message: 'out of memory' } }).response;
    const { heard } = hear(responsesProtocol, [Buffer.from(JSON.stringify(body))], false);
    assert.deepEqual(heard.failure, { kind: 'stream_error', message: 'out of memory' });
  });
});
