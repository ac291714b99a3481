import assert from 'node:assert/strict';
import { faultOf } from '../../../../engine/client/judge-answer.js';
import { PROTOCOLS, type ProtocolName } from '../../../../engine/client/protocols/index.js';
import { hear, sse } from './recorded.js';

const STOP = { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };
const lines = (...events: readonly object[]) => events.map((event) => `${JSON.stringify(event)}\n`).join('');

/** Streams with their only output in a field of the wrong type. */
const STREAMS: readonly (readonly [ProtocolName, body: string, says: string])[] = [
  ['chat', sse({ choices: [{ delta: 'Hi' }] }, STOP), 'choices[0].delta is "Hi", expected an object'],
  ['chat', sse({ choices: [{ delta: ['Hi'] }] }, STOP), 'choices[0].delta is a list, ["Hi"], expected an object'],
  ['chat', sse({ choices: 'Hi' }, STOP), 'choices is "Hi", expected a list'],
  ['chat', sse({ choices: ['Hi'] }, STOP), 'choices[0] is "Hi", expected an object'],
  ['chat', sse({ choices: [{ message: 'Hi' }] }, STOP), 'choices[0].message is "Hi", expected an object'],
  ['complete', sse({ choices: 'Hi' }, '[DONE]'), 'choices is "Hi", expected a list'],
  [
    'anthropic',
    sse({ type: 'content_block_delta', delta: 'Hi' }, { type: 'message_stop' }),
    'delta is "Hi", expected an object',
  ],
  [
    'anthropic',
    sse({ type: 'content_block_start', content_block: 5 }, { type: 'message_stop' }),
    'content_block is 5, expected an object',
  ],
  ['responses', sse({ type: 'response.completed', response: 'Hi' }), 'response is "Hi", expected an object'],
  ['responses', sse({ type: 'response.output_item.added', item: [1] }), 'item is a list, [1], expected an object'],
  ['ollama', lines({ message: 'Hi' }, { done: true }), 'message is "Hi", expected an object'],
  ['tgi', sse({ token: 'Hi' }, { generated_text: 'Hi' }), 'token is "Hi", expected an object'],
  ['tgi', sse({ token: { text: 'Hi' }, details: 'eos_token' }), 'details is "eos_token", expected an object'],
  [
    'gemini',
    sse({ candidates: [{ content: 'Hi', finishReason: 'STOP' }] }),
    'candidates[0].content is "Hi", expected an object',
  ],
];

describe('an answer whose output stands in a field of the wrong type', () => {
  for (const [name, body, says] of STREAMS) {
    it(`is malformed, and names the field: ${name}, ${says}`, () => {
      const { exchange } = hear(PROTOCOLS[name], [Buffer.from(body)]);
      assert.deepEqual(faultOf(exchange, undefined), {
        kind: 'malformed',
        message: `the answer cannot be read: ${says}`,
      });
    });
  }

  it('is a success where other events have output', () => {
    const body = sse({ choices: [{ delta: 5 }] }, { choices: [{ delta: { content: 'Hi' } }] }, STOP);
    const { exchange } = hear(PROTOCOLS.chat, [Buffer.from(body)]);
    assert.equal(faultOf(exchange, undefined), undefined);
    assert.equal(exchange.text, 'Hi');
  });

  it('of an embedding is malformed', () => {
    const body = Buffer.from('{"data":[{"embedding":{"a":1}}]}');
    assert.throws(
      () => hear(PROTOCOLS.embed, [body], false),
      /data\[\]\.embedding is an object, \{"a":1\}, expected a list/,
    );
  });

  it('of embeddings takes the place of a vector whose index cannot be', () => {
    const body = Buffer.from('{"data":[{"index":7,"embedding":[1]},{"index":-1,"embedding":[2]}]}');
    assert.deepEqual(hear(PROTOCOLS.embed, [body], false).exchange.vectors, [[1], [2]]);
  });
});
