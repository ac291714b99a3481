import assert from 'node:assert/strict';
import { createSimulator } from '../../../engine/simulator/index.js';
import { send } from './chat.js';
import { FAST, MESSAGES, NESTED, simulatorClient } from './simulator-client.js';

const IMAGE = [
  { type: 'text', text: 'What is it?' },
  { type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } },
];

describe('other protocols of the simulator', () => {
  const { post, whole, events } = simulatorClient();

  describe('in chat', () => {
    const deltas = async (body: object) =>
      (await events('/v1/chat/completions', { model: FAST, messages: MESSAGES, ...body })).map(
        (event) => (event as unknown as { choices: { delta: Record<string, unknown> }[] }).choices[0]?.delta ?? {},
      );

    it('reasons first where the name says so, in the named field', async () => {
      for (const [model, field] of [
        [`${FAST}-think3`, 'reasoning_content'],
        [`${FAST}-think3-reasoning`, 'reasoning'],
      ] as const) {
        const kinds = (await deltas({ model })).map((delta) => Object.keys(delta).join());
        assert.deepEqual(kinds, ['role,content', ...Array(3).fill(field), ...Array(6).fill('content'), '']);
      }
    });

    it('counts thoughts as tokens, up to the limit', async () => {
      const model = `${FAST}-think3`;
      const ask = (fields: object) => whole('/v1/chat/completions', { model, messages: MESSAGES, ...fields });
      assert.equal((await ask({})).usage.completion_tokens, 9);
      const cut = await ask({ max_tokens: 2 });
      assert.equal(cut.usage.completion_tokens, 2);
      assert.deepEqual([cut.choices[0].message.content, cut.choices[0].finish_reason], ['', 'length']);
    });

    it('calls a tool where the request or the name wants it, with JSON of just so many tokens', async () => {
      for (const fields of [{ tool_choice: 'required' }, { model: `${FAST}-tools` }]) {
        const calls = (await deltas({ tools: NESTED, ...fields })).flatMap(
          (delta) => (delta.tool_calls ?? []) as never[],
        );
        const pieces = calls as { id?: string; function: { name?: string; arguments: string } }[];
        assert.equal(pieces.length, 6);
        assert.deepEqual([pieces[0]?.function.name, pieces[1]?.function.name], ['weather', undefined]);
        const text = pieces.map((piece) => piece.function.arguments).join('');
        assert.equal(typeof (JSON.parse(text) as { city: string }).city, 'string');
      }
      const { choices } = await whole('/v1/chat/completions', {
        model: 'sim-len1',
        messages: MESSAGES,
        tools: NESTED,
        tool_choice: { type: 'function', function: { name: 'weather' } },
      });
      assert.deepEqual(choices[0].message.tool_calls[0].function, { name: 'weather', arguments: '{}' });
      assert.equal(choices[0].finish_reason, 'tool_calls');
    });

    it('answers in words where no tool is wanted', async () => {
      for (const fields of [{ tools: NESTED }, { model: `${FAST}-tools`, tools: NESTED, tool_choice: 'none' }, {}]) {
        assert.ok((await deltas(fields)).every((delta) => !('tool_calls' in delta)));
      }
    });

    it('refuses the choice of a tool that is not there', async () => {
      const body = { model: FAST, messages: MESSAGES, tools: NESTED, tool_choice: { function: { name: 'none' } } };
      const { status, text } = await post('/v1/chat/completions', body);
      assert.deepEqual([status, JSON.parse(text).error.param], [400, 'tool_choice']);
    });

    it('accepts images', async () => {
      const { usage } = await whole('/v1/chat/completions', {
        model: FAST,
        messages: [{ role: 'user', content: IMAGE }],
      });
      assert.equal(usage.completion_tokens, 6);
    });
  });

  describe('completions', () => {
    it('come token by token, the reason with the last, and with usage where it is asked for', async () => {
      const found = await events('/v1/completions', {
        model: FAST,
        prompt: 'Once upon a time',
        stream_options: { include_usage: true },
      });
      const choices = found.map((event) => (event as unknown as { choices: Record<string, unknown>[] }).choices[0]);
      assert.equal(found.length, 7);
      assert.ok(choices.slice(0, 6).every((choice) => choice?.text));
      assert.deepEqual(
        choices.map((choice) => choice?.finish_reason),
        [null, null, null, null, null, 'stop', undefined],
      );
      const { usage } = found.at(-1) as unknown as { usage: object };
      assert.deepEqual(usage, { prompt_tokens: 4, completion_tokens: 6, total_tokens: 10 });
    });

    it('take token ids, which count exactly, and one prompt in a list', async () => {
      for (const [prompt, tokens] of [
        [[1, 2, 3], 3],
        [[[1, 2]], 2],
        [['Once upon a time'], 4],
      ] as const) {
        const { usage, choices } = await whole('/v1/completions', { model: FAST, prompt });
        assert.deepEqual([usage.prompt_tokens, usage.completion_tokens], [tokens, 6]);
        assert.ok(choices[0].text.length > 6);
      }
      for (const prompt of [['a', 'b'], [], 7, [true], undefined]) {
        assert.equal((await post('/v1/completions', { model: FAST, prompt })).status, 400, JSON.stringify(prompt));
      }
    });

    it('have the text of a seed', async () => {
      const ask = () => whole('/v1/completions', { model: 'sim', prompt: 'x', seed: 3, max_tokens: 10 });
      assert.equal((await ask()).choices[0].text, (await ask()).choices[0].text);
    });
  });

  describe('embeddings', () => {
    const ask = (fields: object) => whole('/v1/embeddings', { model: FAST, ...fields });

    it('are decided by the text alone, and have length 1', async () => {
      const { data, usage } = await ask({ input: ['one', 'two', 'one'] });
      const [one, two, again] = data.map(({ embedding }: { embedding: number[] }) => embedding);
      assert.deepEqual(one, again);
      assert.notDeepEqual(one, two);
      assert.equal(one.length, 64);
      assert.ok(Math.abs(Math.hypot(...one) - 1) < 1e-6);
      assert.deepEqual(usage, { prompt_tokens: 3, total_tokens: 3 });
    });

    it('have the length and the form that is asked for', async () => {
      const { data } = await ask({ input: [5, 6, 7], dimensions: 4 });
      const packed = await ask({ input: [5, 6, 7], dimensions: 4, encoding_format: 'base64' });
      const bytes = Buffer.from(packed.data[0].embedding, 'base64');
      assert.deepEqual(
        Array.from({ length: 4 }, (_, i) => bytes.readFloatLE(4 * i)),
        data[0].embedding,
      );
      assert.equal(packed.usage.prompt_tokens, 3);
    });
  });

  it('wants its key in all of them, as either header', async () => {
    const locked = await createSimulator({ apiKey: 'k' });
    try {
      const status = async (path: string, headers: Record<string, string>) =>
        (await send('POST', locked.url + path, '{}', headers)).status;
      for (const path of ['/v1/completions', '/v1/embeddings', '/v1/responses', '/v1/messages', '/api/chat']) {
        assert.equal(await status(path, {}), 401);
        assert.equal(await status(path, { authorization: 'Bearer k' }), 400);
        assert.equal(await status(path, { 'x-api-key': 'k' }), 400);
      }
    } finally {
      await locked.close();
    }
  });
});
