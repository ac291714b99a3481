import assert from 'node:assert/strict';
import { type AnthropicBody, anthropicProtocol } from '../../../../engine/client/protocols/anthropic.js';

describe("a request's body for the Messages API", () => {
  const sent = (request: Partial<AnthropicBody>) =>
    JSON.parse(String(anthropicProtocol.encode({ messages: 'Hi', ...request }, 'm', true))) as Record<string, unknown>;
  const hi = { model: 'm', messages: [{ role: 'user', content: 'Hi' }], stream: true, max_tokens: 4096 };
  const parameters = { type: 'object', properties: {} };

  const table: readonly [string, Partial<AnthropicBody>, object][] = [
    ['a limit, which the API wants in every request', {}, hi],
    [
      'every field under the name of the API',
      { maxTokens: 5, temperature: 0.5, topP: 0.9, stop: '\n', stream: false },
      { ...hi, max_tokens: 5, temperature: 0.5, top_p: 0.9, stop_sequences: ['\n'], stream: false },
    ],
    ['several texts to stop at', { stop: ['a', 'b'] }, { ...hi, stop_sequences: ['a', 'b'] }],
    [
      'what it does not know',
      { extraBody: { thinking: { type: 'enabled' } } },
      { ...hi, thinking: { type: 'enabled' } },
    ],
    [
      'the words of the system beside the messages',
      {
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'Hi' },
          { role: 'developer', content: [{ type: 'text', text: 'And kind.' }] },
        ],
      },
      { ...hi, system: 'Be brief.\n\nAnd kind.' },
    ],
    [
      'tools in its form, and those of its own as they are',
      {
        tools: [
          { type: 'function', function: { name: 'f', description: 'd', parameters } },
          { type: 'function', function: { name: 'g' } },
          { name: 'h', input_schema: parameters },
        ],
        toolChoice: 'required',
      },
      {
        ...hi,
        tools: [
          { name: 'f', description: 'd', input_schema: parameters },
          { name: 'g', input_schema: { type: 'object' } },
          { name: 'h', input_schema: parameters },
        ],
        tool_choice: { type: 'any' },
      },
    ],
    ['no tool', { toolChoice: 'none' }, { ...hi, tool_choice: { type: 'none' } }],
    [
      'one tool',
      { toolChoice: { type: 'function', function: { name: 'f' } } },
      { ...hi, tool_choice: { type: 'tool', name: 'f' } },
    ],
    [
      'images in its form',
      {
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'What?' },
              { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } },
              { type: 'image_url', image_url: { url: 'https://host/a.png' } },
            ],
          },
        ],
      },
      {
        ...hi,
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'What?' },
              { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AA==' } },
              { type: 'image', source: { type: 'url', url: 'https://host/a.png' } },
            ],
          },
        ],
      },
    ],
    [
      'calls and what came of them as blocks',
      {
        messages: [
          {
            role: 'assistant',
            content: 'I look.',
            tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{"a":1}' } }],
          },
          { role: 'tool', tool_call_id: 'c', content: 'sunny' },
        ],
      },
      {
        ...hi,
        messages: [
          {
            role: 'assistant',
            content: [
              { type: 'text', text: 'I look.' },
              { type: 'tool_use', id: 'c', name: 'f', input: { a: 1 } },
            ],
          },
          { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c', content: 'sunny' }] },
        ],
      },
    ],
  ];
  for (const [what, request, expected] of table) it(`has ${what}`, () => assert.deepEqual(sent(request), expected));
});

describe('the headers for the Messages API', () => {
  const of = (given: Record<string, string>) => anthropicProtocol.headers?.(given);
  const version = { 'anthropic-version': '2023-06-01' };

  it('give the version, and the key under both of its names', () => {
    assert.deepEqual(of({}), version);
    assert.deepEqual(of({ authorization: 'Bearer k' }), { ...version, 'x-api-key': 'k', authorization: 'Bearer k' });
  });

  it("give a key of Anthropic's own under its own name only", () => {
    assert.deepEqual(of({ authorization: 'Bearer sk-ant-1' }), { ...version, 'x-api-key': 'sk-ant-1' });
  });

  it('keep a basic authorization', () => {
    assert.deepEqual(of({ authorization: 'Basic dTpw' }), { ...version, authorization: 'Basic dTpw' });
  });
});
