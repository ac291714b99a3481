import assert from 'node:assert/strict';
import { type OllamaBody, ollamaProtocol } from '../../../../engine/client/protocols/ollama.js';
import { hear, recordings } from './recorded.js';

const HEAD = { model: 'qwen3:8b', created_at: '2026-01-01T00:00:00.123456789Z' };
const line = (message: object) => ({ ...HEAD, message: { role: 'assistant', content: '', ...message }, done: false });
const last = (done_reason: string, counts: object, message: object = {}) => ({
  ...line(message),
  done: true,
  done_reason,
  total_duration: 4883583458,
  load_duration: 1334875,
  ...counts,
});
const lines = (...each: readonly object[]) => each.map((object) => `${JSON.stringify(object)}\n`).join('');
const counts = (prompt_eval_count: number, eval_count: number) => ({ prompt_eval_count, eval_count });

describe("a request's body for Ollama", () => {
  const sent = (request: Partial<OllamaBody>) =>
    JSON.parse(String(ollamaProtocol.encode({ messages: 'Hi', ...request }, 'm', true))) as Record<string, unknown>;
  const hi = { model: 'm', messages: [{ role: 'user', content: 'Hi' }], stream: true, options: {} };

  const table: readonly [string, Partial<OllamaBody>, object][] = [
    ['that it is to be streamed', {}, hi],
    [
      'the sampling among the options',
      { maxTokens: 5, temperature: 0.5, topP: 0.9, stop: '\n', seed: 7, stream: false },
      { ...hi, stream: false, options: { num_predict: 5, temperature: 0.5, top_p: 0.9, stop: ['\n'], seed: 7 } },
    ],
    [
      'what it does not know, also among the options',
      { maxTokens: 5, extraBody: { think: true, keep_alive: '5m', options: { num_ctx: 4096 } } },
      { ...hi, think: true, keep_alive: '5m', options: { num_predict: 5, num_ctx: 4096 } },
    ],
    [
      'tools as they are',
      { tools: [{ type: 'function', function: { name: 'f' } }] },
      { ...hi, tools: [{ type: 'function', function: { name: 'f' } }] },
    ],
    ['any JSON as the form', { responseFormat: { type: 'json_object' } }, { ...hi, format: 'json' }],
    [
      'a schema as the form',
      { responseFormat: { type: 'json_schema', json_schema: { name: 'n', schema: { type: 'object' } } } },
      { ...hi, format: { type: 'object' } },
    ],
    [
      'images beside the text',
      {
        messages: [
          { role: 'developer', content: 'Be brief.' },
          {
            role: 'user',
            content: [
              { type: 'text', text: 'What?' },
              { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } },
            ],
          },
        ],
      },
      {
        ...hi,
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'What?', images: ['AA=='] },
        ],
      },
    ],
    [
      'arguments of calls as objects',
      {
        messages: [
          {
            role: 'assistant',
            content: null,
            tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{"a":1}' } }],
          },
          { role: 'tool', tool_call_id: 'c', content: 'sunny' },
        ],
      },
      {
        ...hi,
        messages: [
          { role: 'assistant', content: '', tool_calls: [{ id: 'c', function: { name: 'f', arguments: { a: 1 } } }] },
          { role: 'tool', tool_call_id: 'c', content: 'sunny' },
        ],
      },
    ],
  ];
  for (const [what, request, expected] of table) it(`has ${what}`, () => assert.deepEqual(sent(request), expected));

  it('refuses an image by URL', () => {
    const content = [{ type: 'image_url', image_url: { url: 'https://host/a.png' } }];
    assert.throws(() => sent({ messages: [{ role: 'user', content }] }), /data URLs only, got https:\/\/host\/a.png/);
  });
});

describe('a stream of Ollama', () => {
  recordings(ollamaProtocol, [
    [
      'with thinking',
      lines(
        line({ thinking: '让我' }),
        line({ thinking: '想想' }),
        line({ content: 'Four' }),
        line({ content: '.' }),
        last('stop', counts(26, 5)),
      ),
      {
        reasoning: '让我想想',
        text: 'Four.',
        finishReason: 'stop',
        usage: { inputTokens: 26, outputTokens: 5 },
        pieces: ['让我', '想想', 'Four', '.'],
        tokens: [1, 1, 1, 1],
      },
    ],
    [
      'that calls tools',
      lines(
        line({ tool_calls: [{ function: { name: 'weather', arguments: { city: '北京' } } }] }),
        line({ tool_calls: [{ id: 'x', function: { index: 1, name: 'time', arguments: {} } }] }),
        last('stop', counts(26, 8)),
      ),
      {
        toolCalls: [
          ['', 'weather', '{"city":"北京"}'],
          ['x', 'time', '{}'],
        ],
        finishReason: 'tool_calls',
        usage: { inputTokens: 26, outputTokens: 8 },
        pieces: ['{"city":"北京"}', '{}'],
      },
    ],
    [
      'whose prompt was cached, with its last text in the last line, which has no line break',
      lines(line({ content: 'Hi' }), last('length', { eval_count: 2 }, { content: ' you' })).trimEnd(),
      { text: 'Hi you', finishReason: 'length', usage: { inputTokens: undefined, outputTokens: 2 }, tokens: [1, 1] },
    ],
    [
      'with carriage returns and empty lines',
      `\uFEFF${lines(line({ content: 'Hi' }), last('stop', counts(1, 1))).replaceAll('\n', '\r\n\r\n')}`,
      { text: 'Hi', finishReason: 'stop', usage: { inputTokens: 1, outputTokens: 1 } },
    ],
    [
      'that breaks off with an error',
      lines(line({ content: 'Hi' }), { error: 'an error was encountered while running the model: CUDA error' }),
      {
        text: 'Hi',
        done: false,
        failure: { kind: 'stream_error', message: 'an error was encountered while running the model: CUDA error' },
      },
    ],
    [
      'that is cut in a line',
      lines(line({ content: 'Hi' }), line({ content: ' you' })).slice(0, -9),
      { text: 'Hi', done: false },
    ],
  ]);

  it('may be in one piece', () => {
    const body = last('stop', counts(26, 5), { content: 'Four.', thinking: 'Hm.' });
    const { heard } = hear(ollamaProtocol, [Buffer.from(JSON.stringify(body))], false);
    assert.deepEqual(heard, {
      text: 'Four.',
      reasoning: 'Hm.',
      toolCalls: [],
      finishReason: 'stop',
      usage: { inputTokens: 26, outputTokens: 5 },
      done: true,
      pieces: [],
      tokens: [],
    });
  });
});
