import assert from 'node:assert/strict';
import { createSimulator, type Simulator } from '../../../engine/simulator/index.js';
import { send } from './chat.js';

const FAST = 'sim-ttft2-itl0.5-len6';
const MESSAGES = [{ role: 'user', content: 'What makes a good habit?' }];
const IMAGE = [
  { type: 'text', text: 'What is it?' },
  { type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } },
];
const PARAMETERS = { type: 'object', properties: { city: { type: 'string' } } };
const NESTED = [{ type: 'function', function: { name: 'weather', parameters: PARAMETERS } }];

type Json = Record<string, never> & {
  readonly type?: string;
  readonly delta?: Record<string, string>;
  readonly written_at: number;
};

describe('what else the simulator speaks', () => {
  let simulator: Simulator;

  before(async () => {
    simulator = await createSimulator({ stepCost: () => 1 });
  });

  after(() => simulator.close());

  async function post(path: string, body: object) {
    const { status, text, headers } = await send('POST', simulator.url + path, JSON.stringify(body), {});
    return { status, text, type: String(headers['content-type']) };
  }

  /** The JSON of an answer in one piece. */
  async function whole(path: string, body: object) {
    const { status, text, type } = await post(path, { stream: false, ...body });
    assert.deepEqual([status, type], [200, 'application/json'], text);
    return JSON.parse(text);
  }

  /** Events of a stream, each with its instant of writing. */
  async function events(path: string, body: object): Promise<readonly Json[]> {
    const { status, text } = await post(path, { stream: true, ...body });
    assert.equal(status, 200, text);
    const found = text.split('\n').flatMap((line) => /^(?:data: )?(\{.*)$/.exec(line)?.[1] ?? []);
    const parsed = found.map((json) => JSON.parse(json) as Json);
    const written = parsed.map((event) => event.written_at);
    assert.ok(written.every((at, i) => at > 0 && at >= (written[i - 1] ?? 0)));
    return parsed;
  }

  describe('in chat', () => {
    const deltas = async (body: object) =>
      (await events('/v1/chat/completions', { model: FAST, messages: MESSAGES, ...body })).map(
        (event) => (event as unknown as { choices: { delta: Record<string, unknown> }[] }).choices[0]?.delta ?? {},
      );

    it('thinks first where the name says so, in the field that it names', async () => {
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

  describe('responses', () => {
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

  describe('messages', () => {
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

  describe('Ollama', () => {
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
      const { text } = await send('GET', `${simulator.url}/api/tags`, '', {});
      assert.equal(JSON.parse(text).models[0].name, 'sim');
      const refused = await post('/api/chat', { model: FAST });
      assert.deepEqual([refused.status, typeof JSON.parse(refused.text).error], [400, 'string']);
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
