import assert from 'node:assert/strict';
import { ApiError } from '../../../../engine/simulator/http/api-error.js';
import { readChatRequest } from '../../../../engine/simulator/http/chat-request.js';
import { QUESTION } from '../chat.js';

const VALID = { model: 'sim', messages: QUESTION };

describe('a chat request', () => {
  it('needs only a model and messages', () => {
    assert.deepEqual(readChatRequest(VALID), {
      model: 'sim',
      prompt: 'What makes a good habit?',
      stream: false,
      includeUsage: false,
      continuousUsage: false,
      maxTokens: undefined,
      stop: [],
      ignoreEos: false,
      seed: undefined,
      calling: undefined,
    });
  });

  it('takes null for a field that was left out', () => {
    const nulls = { max_tokens: null, stop: null, stream: null, stream_options: null, n: null, seed: null };
    assert.deepEqual(readChatRequest({ ...VALID, ...nulls }), readChatRequest(VALID));
  });

  it('prefers max_completion_tokens to max_tokens', () => {
    assert.equal(readChatRequest({ ...VALID, max_tokens: 5 }).maxTokens, 5);
    assert.equal(readChatRequest({ ...VALID, max_tokens: 5, max_completion_tokens: 6 }).maxTokens, 6);
  });

  it('reads the text of messages that consist of parts or only call tools', () => {
    const messages = [
      { role: 'system', content: 'Be brief.' },
      { role: 'assistant', tool_calls: [] },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Who?' },
          { type: 'image_url', image_url: {} },
        ],
      },
    ];
    assert.equal(readChatRequest({ model: 'sim', messages }).prompt, 'Be brief.\n\nWho?\n');
  });

  it('is refused with the name of the field at fault', () => {
    const table: readonly [Record<string, unknown>, string][] = [
      [{ model: undefined }, 'model'],
      [{ model: 7 }, 'model'],
      [{ messages: undefined }, 'messages'],
      [{ messages: [] }, 'messages'],
      [{ messages: 'hello' }, 'messages'],
      [{ messages: ['hello'] }, 'messages[0]'],
      [{ messages: [{ content: 'x' }] }, 'messages[0].role'],
      [{ messages: [{ role: 'user', content: 7 }] }, 'messages[0].content'],
      [{ messages: [...QUESTION, { role: 'user', content: ['x'] }] }, 'messages[1].content[0]'],
      [{ messages: [{ role: 'user', content: [{ type: 'text' }] }] }, 'messages[0].content[0].text'],
      [{ max_tokens: 0 }, 'max_tokens'],
      [{ max_tokens: 1.5 }, 'max_tokens'],
      [{ max_completion_tokens: '5' }, 'max_completion_tokens'],
      [{ stop: 7 }, 'stop'],
      [{ stop: ['a', 7] }, 'stop'],
      [{ stop: ['a', ''] }, 'stop'],
      [{ stream: 'yes' }, 'stream'],
      [{ stream_options: { include_usage: true } }, 'stream_options'],
      [{ stream: true, stream_options: [] }, 'stream_options'],
      [{ stream: true, stream_options: { include_usage: 1 } }, 'stream_options.include_usage'],
      [{ n: 2 }, 'n'],
      [{ seed: 'x' }, 'seed'],
      [{ ignore_eos: 1 }, 'ignore_eos'],
    ];
    for (const [fields, param] of table) {
      assert.throws(
        () => readChatRequest({ ...VALID, ...fields }),
        (error) => error instanceof ApiError && error.status === 400 && error.param === param,
        JSON.stringify(fields),
      );
    }
  });

  it('must be a JSON object', () => {
    for (const body of [null, [], 'text', 7]) assert.throws(() => readChatRequest(body), { status: 400 });
  });
});
