import assert from 'node:assert/strict';
import { FAST, MESSAGES, PARAMETERS, simulatorClient } from './simulator-client.js';

describe('the Messages API of the simulator', () => {
  const { post, whole, events } = simulatorClient();
  const body = { model: FAST, max_tokens: 100, messages: MESSAGES };
  const tools = [{ name: 'weather', input_schema: PARAMETERS }];

  it('have every event in its place', async () => {
    const found = await events('/v1/messages', { ...body, model: `${FAST}-think1` });
    const block = (deltas: number) => [
      'content_block_start',
      ...Array(deltas).fill('content_block_delta'),
      'content_block_stop',
    ];
    assert.deepEqual(
      found.map(({ type }) => type),
      ['message_start', 'ping', ...block(1), ...block(6), 'message_delta', 'message_stop'],
    );
    const { usage, delta } = found.at(-2) as unknown as { usage: object; delta: { stop_reason: string } };
    assert.deepEqual([usage, delta.stop_reason], [{ output_tokens: 7 }, 'end_turn']);
  });

  it('call tools, streamed and in one piece', async () => {
    const wanted = { ...body, tools, tool_choice: { type: 'any' } };
    const found = await events('/v1/messages', wanted);
    const json = found.flatMap(({ delta }) => delta?.partial_json ?? []).join('');
    assert.deepEqual(Object.keys(JSON.parse(json)), ['city']);
    const { content, stop_reason } = await whole('/v1/messages', wanted);
    assert.deepEqual([content[0].type, content[0].name, stop_reason], ['tool_use', 'weather', 'tool_use']);
    assert.equal(typeof content[0].input.city, 'string');
  });

  it('end where they are told to', async () => {
    const { content, usage } = await whole('/v1/messages', {
      ...body,
      model: 'sim',
      system: 'x',
      stop_sequences: [' '],
    });
    assert.ok(!content[0].text.includes(' '));
    assert.ok(usage.output_tokens > 0);
    assert.equal((await whole('/v1/messages', { ...body, max_tokens: 2 })).stop_reason, 'max_tokens');
  });

  it('are refused in their own form', async () => {
    const { status, text } = await post('/v1/messages', { ...body, max_tokens: undefined });
    const { type, error } = JSON.parse(text);
    assert.deepEqual([status, type, error.type], [400, 'error', 'invalid_request_error']);
    assert.match(error.message, /max_tokens/);
  });
});
