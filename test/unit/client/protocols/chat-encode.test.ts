import assert from 'node:assert/strict';
import { type ChatBody, chatProtocol } from '../../../../engine/client/protocols/chat.js';

const MESSAGES: ChatBody['messages'] = [{ role: 'user', content: 'Grüße 😀' }];

/** The fields that are sent beside those that every request has. */
function sent(request: Partial<ChatBody>, askUsage = false): Record<string, unknown> {
  const text = chatProtocol.encode({ messages: MESSAGES, ...request }, 'some/model', askUsage);
  const { model, messages, stream, ...rest } = JSON.parse(String(text)) as Record<string, unknown>;
  assert.deepEqual({ model, messages, stream }, { model: 'some/model', messages: MESSAGES, stream: true });
  return rest;
}

describe("a chat request's body", () => {
  const table: readonly [string, Partial<ChatBody>, Record<string, unknown>][] = [
    ['nothing that was not asked for', {}, {}],
    ['no field that is undefined', { maxTokens: undefined, temperature: undefined, stop: undefined }, {}],
    [
      "every field under the API's name",
      { maxTokens: 5, temperature: 0.5, topP: 0.9, stop: ['a', 'b'], seed: 7 },
      { max_tokens: 5, temperature: 0.5, top_p: 0.9, stop: ['a', 'b'], seed: 7 },
    ],
    [
      'a zero',
      { maxTokens: 0, temperature: 0, topP: 0, seed: 0 },
      { max_tokens: 0, temperature: 0, top_p: 0, seed: 0 },
    ],
    ['a single stop text', { stop: '\n' }, { stop: '\n' }],
    [
      'what the API does not know',
      { extraBody: { ignore_eos: true, nested: { a: [1] } } },
      { ignore_eos: true, nested: { a: [1] } },
    ],
    ['what extraBody says rather than our own', { maxTokens: 5, extraBody: { max_tokens: 6 } }, { max_tokens: 6 }],
    ['nothing that extraBody takes out', { maxTokens: 5, extraBody: { max_tokens: undefined } }, {}],
  ];
  for (const [what, request, expected] of table) {
    it(`has ${what}`, () => assert.deepEqual(sent(request), expected));
  }

  it('asks for token counts, unless the server refused', () => {
    assert.deepEqual(sent({}, true), { stream_options: { include_usage: true } });
    assert.deepEqual(sent({}, false), {});
  });

  it('lets extraBody ask for them in its own way', () => {
    const stream_options = { include_usage: true, continuous_usage_stats: true };
    assert.deepEqual(sent({ extraBody: { stream_options } }, true), { stream_options });
  });

  it('lets extraBody choose model, messages and stream', () => {
    const extraBody = { model: 'other', messages: [], stream: false };
    assert.deepEqual(JSON.parse(String(chatProtocol.encode({ messages: MESSAGES, extraBody }, 'm', false))), extraBody);
  });
});
