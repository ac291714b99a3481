import assert from 'node:assert/strict';
import { geminiProtocol } from '../../../../engine/client/protocols/gemini.js';
import type { GeminiBody } from '../../../../engine/client/protocols/gemini-request.js';
import { hear, recordings } from './recorded.js';

const usage = (promptTokenCount: number, candidatesTokenCount: number | undefined, thoughtsTokenCount?: number) => ({
  usageMetadata: { promptTokenCount, candidatesTokenCount, thoughtsTokenCount, totalTokenCount: 0 },
});
const event = (parts: readonly object[], more: object = {}, finishReason?: string) => ({
  candidates: [{ content: { parts, role: 'model' }, finishReason, index: 0 }],
  modelVersion: 'gemini-2.5-flash',
  ...more,
});
// Google ends lines with CR LF.
const stream = (...events: readonly object[]) => events.map((each) => `data: ${JSON.stringify(each)}\r\n\r\n`).join('');

describe("a request's body for Gemini", () => {
  const sent = (request: Partial<GeminiBody>) =>
    JSON.parse(String(geminiProtocol.encode({ messages: 'Hi', ...request }, 'm', true))) as Record<string, unknown>;
  const hi = { contents: [{ role: 'user', parts: [{ text: 'Hi' }] }], generationConfig: {} };
  const weather = { name: 'weather', parameters: { type: 'object' } };

  const table: readonly [string, Partial<GeminiBody>, object][] = [
    ['the text', {}, hi],
    [
      'the sampling in the configuration, with fields of the server',
      {
        ...{ maxTokens: 5, temperature: 0.5, topP: 0.9, stop: '\n', seed: 7 },
        extraBody: { cachedContent: 'c', generationConfig: { topK: 20 } },
      },
      {
        ...hi,
        cachedContent: 'c',
        generationConfig: {
          ...{ maxOutputTokens: 5, temperature: 0.5, topP: 0.9, stopSequences: ['\n'], seed: 7 },
          topK: 20,
        },
      },
    ],
    [
      'a schema as the form',
      { responseFormat: { type: 'json_schema', json_schema: { name: 'n', schema: { type: 'object' } } } },
      { ...hi, generationConfig: { responseMimeType: 'application/json', responseJsonSchema: { type: 'object' } } },
    ],
    [
      'tools and a choice among them',
      {
        tools: [{ type: 'function', function: weather }, { googleSearch: {} }],
        toolChoice: { type: 'function', function: { name: 'weather' } },
      },
      {
        ...hi,
        tools: [{ functionDeclarations: [weather] }, { googleSearch: {} }],
        toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['weather'] } },
      },
    ],
    [
      'system messages apart, images inline, calls and their results as parts',
      {
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } }] },
          {
            role: 'assistant',
            content: null,
            tool_calls: [{ id: 'c', type: 'function', function: { name: 'weather', arguments: '{"city":"北京"}' } }],
          },
          { role: 'tool', tool_call_id: 'c', content: 'sunny' },
        ],
      },
      {
        generationConfig: {},
        systemInstruction: { parts: [{ text: 'Be brief.' }] },
        contents: [
          { role: 'user', parts: [{ inlineData: { mimeType: 'image/png', data: 'AA==' } }] },
          { role: 'model', parts: [{ functionCall: { id: 'c', name: 'weather', args: { city: '北京' } } }] },
          {
            role: 'user',
            parts: [{ functionResponse: { id: 'c', name: 'weather', response: { result: 'sunny' } } }],
          },
        ],
      },
    ],
  ];
  for (const [what, request, expected] of table) it(`has ${what}`, () => assert.deepEqual(sent(request), expected));

  it("goes with the key in Google's header, beside the bearer token where that is not Google's own", () => {
    const headers = (key: string) => geminiProtocol.headers?.({ authorization: `Bearer ${key}` });
    assert.deepEqual(headers('k'), { 'x-goog-api-key': 'k', authorization: 'Bearer k' });
    assert.deepEqual(headers('AIzaX'), { 'x-goog-api-key': 'AIzaX' });
  });
});

describe('a stream of Gemini', () => {
  recordings(geminiProtocol, [
    [
      'with several tokens in an event, counted so far',
      stream(
        event([{ text: 'Deep' }], usage(4, 1)),
        event([{ text: ' learning is' }], usage(4, 3)),
        event([{ text: '.' }], usage(4, 4), 'STOP'),
      ),
      {
        text: 'Deep learning is.',
        finishReason: 'stop',
        usage: { inputTokens: 4, outputTokens: 4 },
        pieces: ['Deep', ' learning is', '.'],
        tokens: [1, 2, 1],
      },
    ],
    [
      'with thoughts',
      stream(
        event([{ text: 'Hm.', thought: true }], usage(4, undefined, 2)),
        event([{ text: 'Four.' }], usage(4, 2, 2), 'MAX_TOKENS'),
      ),
      {
        reasoning: 'Hm.',
        text: 'Four.',
        finishReason: 'length',
        usage: { inputTokens: 4, outputTokens: 4, reasoningTokens: 2 },
        pieces: ['Hm.', 'Four.'],
        tokens: [2, 2],
      },
    ],
    [
      'that calls tools',
      stream(event([{ functionCall: { name: 'weather', args: { city: '北京' } } }], usage(4, 9), 'STOP')),
      {
        toolCalls: [['', 'weather', '{"city":"北京"}']],
        finishReason: 'tool_calls',
        usage: { inputTokens: 4, outputTokens: 9 },
        pieces: ['{"city":"北京"}'],
      },
    ],
    [
      'that is cut, with counts but no finish reason',
      stream(event([{ text: 'Hi' }], usage(4, 1))),
      { text: 'Hi', usage: { inputTokens: 4, outputTokens: 1 }, done: false },
    ],
    [
      'whose prompt was blocked',
      stream({ promptFeedback: { blockReason: 'SAFETY' }, ...usage(4, undefined) }),
      {
        usage: { inputTokens: 4, outputTokens: undefined },
        failure: { kind: 'stream_error', message: 'the prompt was blocked: SAFETY' },
        done: false,
      },
    ],
    [
      'that breaks off with an error',
      stream(event([{ text: 'Hi' }]), {
        error: { code: 503, message: 'The model is overloaded.', status: 'UNAVAILABLE' },
      }),
      { text: 'Hi', failure: { kind: 'stream_error', message: 'The model is overloaded.' }, done: false },
    ],
  ]);

  it('may be in one piece', () => {
    const body = event([{ text: 'Four.' }], usage(26, 2), 'STOP');
    const { heard } = hear(geminiProtocol, [Buffer.from(JSON.stringify(body))], false);
    assert.deepEqual([heard.text, heard.finishReason, heard.done], ['Four.', 'stop', true]);
    assert.deepEqual(heard.usage, { inputTokens: 26, outputTokens: 2 });
  });
});
