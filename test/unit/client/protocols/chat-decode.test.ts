import assert from 'node:assert/strict';
import { type Exchange, openExchange } from '../../../../engine/client/exchange.js';
import { chatProtocol } from '../../../../engine/client/protocols/chat.js';

/** Decodes events, objects or texts; their numbers are their instants, from 1. */
function decode(...events: readonly unknown[]): Exchange {
  const exchange = openExchange('chat', 'm', 0);
  for (const [i, event] of events.entries()) {
    chatProtocol.decode({ data: typeof event === 'string' ? event : JSON.stringify(event) }, i + 1, exchange);
  }
  return exchange;
}

const delta = (fields: object | null) => ({ choices: [{ index: 0, delta: fields, finish_reason: null }] });
const usage = (prompt_tokens: number, completion_tokens: number) => ({ usage: { prompt_tokens, completion_tokens } });

describe('an event of a chat answer', () => {
  /** Deltas with their roles (chunk, output, answer) and their texts. */
  const forms: readonly [string, object, [chunk: boolean, output: boolean, answer: boolean], string, string][] = [
    ['a role only', delta({ role: 'assistant' }), [true, false, false], '', ''],
    ['a role with empty content', delta({ role: 'assistant', content: '' }), [true, false, false], '', ''],
    ['a role with content', delta({ role: 'assistant', content: 'Hi' }), [true, true, true], 'Hi', ''],
    ['content', delta({ content: 'Hi' }), [true, true, true], 'Hi', ''],
    ['a blank', delta({ content: ' ' }), [true, true, true], ' ', ''],
    ['empty content', delta({ content: '' }), [true, false, false], '', ''],
    ['null content', delta({ content: null }), [true, false, false], '', ''],
    ['reasoning_content', delta({ reasoning_content: 'Hm', content: null }), [true, true, false], '', 'Hm'],
    ['reasoning', delta({ reasoning: 'Hm', content: '' }), [true, true, false], '', 'Hm'],
    ['reasoning under both names', delta({ reasoning: 'Hm', reasoning_content: 'Hm' }), [true, true, false], '', 'Hm'],
    ['empty and null reasoning', delta({ reasoning_content: '', reasoning: null }), [true, false, false], '', ''],
    ['reasoning and content at once', delta({ reasoning: 'Hm', content: 'Hi' }), [true, true, true], 'Hi', 'Hm'],
    ['a tool call', delta({ tool_calls: [{ index: 0, function: { arguments: '{' } }] }), [true, true, true], '', ''],
    ['no tool calls', delta({ tool_calls: [] }), [true, false, false], '', ''],
    ['null tool calls', delta({ tool_calls: null, content: null }), [true, false, false], '', ''],
    ['an empty delta', delta({}), [true, false, false], '', ''],
    ['a null delta', delta(null), [true, false, false], '', ''],
    ['a choice without a delta', { choices: [{ index: 0 }] }, [true, false, false], '', ''],
    ['no choices', { choices: [] }, [false, false, false], '', ''],
    ['null choices', { choices: null }, [false, false, false], '', ''],
    ['something else altogether', { type: 'ping' }, [false, false, false], '', ''],
    ['a null error beside content', { ...delta({ content: 'Hi' }), error: null }, [true, true, true], 'Hi', ''],
  ];
  for (const [what, event, [chunk, output, answer], text, reasoning] of forms) {
    it(`may hold ${what}`, () => {
      const exchange = decode(event);
      assert.equal(exchange.failure, undefined);
      assert.equal(exchange.firstChunkAt, chunk ? 1 : undefined);
      assert.equal(exchange.firstTokenAt, output ? 1 : undefined);
      assert.equal(exchange.firstAnswerAt, answer ? 1 : undefined);
      assert.equal(exchange.lastTokenAt, output ? 1 : undefined);
      assert.deepEqual([exchange.chunkAt, exchange.chunkTokens], output ? [[1], [1]] : [[], []]);
      assert.deepEqual([exchange.text, exchange.reasoning], [text, reasoning]);
    });
  }

  it('has its order: role, reasoning, answer, reason, usage, [DONE]', () => {
    const exchange = decode(
      delta({ role: 'assistant', content: '' }),
      delta({ reasoning_content: 'Let me ' }),
      delta({ reasoning_content: 'see' }),
      delta({ content: 'It is ' }),
      delta({ content: '4.' }),
      { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
      { choices: [], ...usage(9, 5) },
      '[DONE]',
    );
    const { firstChunkAt, firstTokenAt, firstAnswerAt, lastTokenAt, chunkAt, chunkTokens } = exchange;
    assert.deepEqual(
      { firstChunkAt, firstTokenAt, firstAnswerAt },
      { firstChunkAt: 1, firstTokenAt: 2, firstAnswerAt: 4 },
    );
    assert.deepEqual(
      { lastTokenAt, chunkAt, chunkTokens },
      { lastTokenAt: 5, chunkAt: [2, 3, 4, 5], chunkTokens: [1, 1, 1, 1] },
    );
    assert.deepEqual([exchange.text, exchange.reasoning], ['It is 4.', 'Let me see']);
    assert.deepEqual([exchange.finishReason, exchange.done], ['stop', true]);
    assert.deepEqual(exchange.usage, { inputTokens: 9, outputTokens: 5 });
  });

  it('may give the reason together with the last piece', () => {
    const { finishReason, text } = decode({ choices: [{ delta: { content: 'Hi' }, finish_reason: 'length' }] });
    assert.deepEqual([finishReason, text], ['length', 'Hi']);
  });
});

describe('token counts of a chat answer', () => {
  it('may come with null choices', () => {
    assert.deepEqual(decode({ choices: null, ...usage(9, 5) }).usage, { inputTokens: 9, outputTokens: 5 });
  });

  it('are unknown while usage is null', () => {
    assert.equal(decode({ ...delta({ content: 'a' }), usage: null }).usage, undefined);
  });

  it('give the tokens of each event where they come continuously', () => {
    const exchange = decode(
      { ...delta({ role: 'assistant', content: '' }), ...usage(9, 0) },
      { ...delta({ content: 'a' }), ...usage(9, 1) },
      { ...delta({ content: 'bcd' }), ...usage(9, 4) },
      { ...delta({ content: 'half a character' }), ...usage(9, 4) },
      { ...delta({ content: 'ef' }), ...usage(9, 6) },
      { choices: [{ delta: {}, finish_reason: 'stop' }], ...usage(9, 7) },
      { choices: [], ...usage(9, 7) },
    );
    assert.deepEqual(exchange.chunkTokens, [1, 3, 0, 2]);
    assert.deepEqual(exchange.usage, { inputTokens: 9, outputTokens: 7 });
  });

  it('never give an event a negative count', () => {
    const events = [5, 3].map((tokens) => ({ ...delta({ content: 'a' }), ...usage(9, tokens) }));
    assert.deepEqual(decode(...events).chunkTokens, [5, 0]);
  });
});

describe('an event that ends a chat answer badly', () => {
  const errors: readonly [object | string, string][] = [
    [{ error: { message: 'out of memory', code: 500 } }, 'out of memory'],
    [{ error: 'out of memory' }, 'out of memory'],
    [{ object: 'error', message: 'out of memory', code: 40001 }, 'out of memory'],
    [{ choices: null, base_resp: { status_code: 1002, status_msg: 'rate limit' } }, 'rate limit'],
    [{ object: 'error' }, '{"object":"error"}'],
    [{ error: { code: 7 } }, '{"code":7}'],
    [{ error: true, message: 'out of memory' }, 'out of memory'],
    [{ ...delta({ content: 'a' }), error: { message: 'out\n of\tmemory' } }, 'out of memory'],
  ];
  for (const [event, message] of errors) {
    it(`may be ${JSON.stringify(event)}`, () => {
      assert.deepEqual(decode(event).failure, { kind: 'stream_error', message });
    });
  }

  for (const [data, message] of [
    ['{"message":"out of memory"}', 'out of memory'],
    ['{"detail":"out of memory"}', 'out of memory'],
    ['{"error":{"message":"out of memory"}}', 'out of memory'],
    ['out of memory', 'out of memory'],
    ['"out of memory"', 'out of memory'],
    ['null', 'null'],
    ['{}', '{}'],
  ] as const) {
    it(`may be called an error and say ${data}`, () => {
      const exchange = openExchange('chat', 'm', 0);
      chatProtocol.decode({ event: 'error', data }, 1, exchange);
      assert.deepEqual(exchange.failure, { kind: 'stream_error', message });
    });
  }

  for (const [data, message] of [
    ['{"choices":[', 'an event is not JSON: {"choices":['],
    ['DONE', 'an event is not JSON: DONE'],
    [`{${'x'.repeat(5000)}`, `an event is not JSON: {${'x'.repeat(4095)}`],
    ['null', 'an event is no object: null'],
    ['7', 'an event is no object: 7'],
    ['"text"', 'an event is no object: "text"'],
  ] as const) {
    it(`may be malformed: ${data.slice(0, 20)}`, () => {
      assert.deepEqual(decode(data).failure, { kind: 'malformed', message });
    });
  }
});
