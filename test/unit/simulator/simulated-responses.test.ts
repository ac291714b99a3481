import assert from 'node:assert/strict';
import { FAST, MESSAGES, PARAMETERS, simulatorClient } from './simulator-client.js';

describe('the Responses API of the simulator', () => {
  const { whole, events } = simulatorClient();
  const types = async (body: object) =>
    (await events('/v1/responses', { model: FAST, input: 'Hi', ...body })).map(({ type = '' }) => type.slice(9));

  it('have every event in its place', async () => {
    const text = Array(6).fill('output_text.delta');
    assert.deepEqual(await types({ model: `${FAST}-think2` }), [
      'created',
      'in_progress',
      'output_item.added',
      'reasoning_text.delta',
      'reasoning_text.delta',
      'reasoning_text.done',
      'output_item.done',
      'output_item.added',
      'content_part.added',
      ...text,
      'output_text.done',
      'content_part.done',
      'output_item.done',
      'completed',
    ]);
    assert.ok((await types({ model: `${FAST}-think2-reasoning` })).includes('reasoning_summary_text.delta'));
    assert.equal((await types({ max_output_tokens: 2 })).at(-1), 'incomplete');
  });

  it('are numbered, and end with what was said in all', async () => {
    const found = await events('/v1/responses', { model: FAST, input: MESSAGES });
    assert.deepEqual(
      found.map((event) => (event as unknown as { sequence_number: number }).sequence_number),
      found.map((_, i) => i),
    );
    const said = found.filter(({ type }) => type === 'response.output_text.delta').map(({ delta }) => delta);
    const { response } = found.at(-1) as unknown as { response: { output: never[]; usage: object } };
    const [item] = response.output as { content: { text: string }[] }[];
    assert.equal(item?.content[0]?.text, said.join(''));
    assert.deepEqual(response.usage, {
      input_tokens: 6,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: 6,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 12,
    });
  });

  it('call tools in their flat form', async () => {
    const tools = [{ type: 'function', name: 'weather', parameters: PARAMETERS }];
    const input = [...MESSAGES, { type: 'function_call_output', call_id: 'c', output: 'sunny' }];
    const { output } = await whole('/v1/responses', { model: FAST, input, tools, tool_choice: 'required' });
    assert.deepEqual([output[0].type, output[0].name], ['function_call', 'weather']);
    assert.deepEqual(Object.keys(JSON.parse(output[0].arguments)), ['city']);
    const found = await types({ tools, tool_choice: { type: 'function', name: 'weather' } });
    assert.equal(found.filter((type) => type === 'function_call_arguments.delta').length, 6);
  });
});
