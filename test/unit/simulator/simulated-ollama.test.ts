import assert from 'node:assert/strict';
import { FAST, MESSAGES, NESTED, simulatorClient } from './simulator-client.js';

describe("Ollama's API of the simulator", () => {
  const { post, whole, events, get } = simulatorClient();
  const body = { model: FAST, messages: MESSAGES };

  it('has a line for each token and the counts in the last, and streams unless told otherwise', async () => {
    const { type, text } = await post('/api/chat', body);
    assert.equal(type, 'application/x-ndjson');
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      lines.map(({ done }) => done),
      [...Array(6).fill(false), true],
    );
    const { done_reason, prompt_eval_count, eval_count } = lines.at(-1);
    assert.deepEqual([done_reason, prompt_eval_count, eval_count], ['stop', 6, 6]);
  });

  it('tells how long it took, in nanoseconds', async () => {
    const last = (await events('/api/chat', body)).at(-1) as unknown as Record<string, number>;
    for (const told of [last, await whole('/api/chat', body)]) {
      const { total_duration: total = 0, prompt_eval_duration: prompt = 0, eval_duration: answering = 0 } = told;
      assert.ok(prompt >= 1e6 && answering >= 1, `${prompt} ${answering}`);
      assert.ok(total >= prompt + answering && total < 1e10);
    }
  });

  it('says in its own form that it lacks a path', async () => {
    const { status, text } = await post('/api/version', {});
    assert.equal(status, 404);
    assert.equal(typeof (JSON.parse(text) as { error: unknown }).error, 'string');
  });

  it('honours its options', async () => {
    const { message, done_reason, eval_count } = await whole('/api/chat', { ...body, options: { num_predict: 2 } });
    assert.deepEqual([done_reason, eval_count], ['length', 2]);
    assert.ok(message.content.length > 0);
  });

  it('thinks, and calls tools in one line', async () => {
    const model = `${FAST}-think2-tools`;
    const found = await events('/api/chat', { ...body, model, tools: NESTED });
    const messages = found.map((line) => (line as unknown as { message: Record<string, unknown> }).message);
    assert.equal(messages.filter(({ thinking }) => thinking).length, 2);
    const calls = messages.flatMap(({ tool_calls }) => (tool_calls ?? []) as { function: { arguments: object } }[]);
    assert.equal(calls.length, 1);
    assert.deepEqual(Object.keys(calls[0]?.function.arguments ?? {}), ['city']);
    const cut = await whole('/api/chat', { ...body, model, tools: NESTED, options: { num_predict: 4 } });
    assert.deepEqual([cut.done_reason, cut.message.tool_calls], ['length', undefined]);
  });

  it('lists its models and refuses in its own form', async () => {
    assert.equal(JSON.parse(await get('/api/tags')).models[0].name, 'sim');
    const refused = await post('/api/chat', { model: FAST });
    assert.deepEqual([refused.status, typeof JSON.parse(refused.text).error], [400, 'string']);
  });
});
