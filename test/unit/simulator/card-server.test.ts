import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { cardNamed, deploymentOf, modelNamed } from '../../../engine/hardware/index.js';
import { readServerPage } from '../../../engine/server-metrics/server-page.js';
import { type CardOptions, createSimulator, type Simulator } from '../../../engine/simulator/index.js';
import { tokenswarm } from '../../support/command.js';
import { testFolder } from '../../support/folder.js';
import { forkSimulator } from '../../support/simulator.js';
import { contentOf, eventsOf, get, post, stream, textOf } from './chat.js';

const DEPLOYMENT = deploymentOf({ card: cardNamed('h800', 'test'), model: modelNamed('qwen2.5-7b', 'test') });

describe('a simulated card over HTTP', () => {
  let simulator: Simulator | undefined;

  async function serve(card: Partial<CardOptions> = {}, model?: string): Promise<string> {
    simulator = await createSimulator({ card: { deployment: DEPLOYMENT, ...card }, model });
    return simulator.url;
  }

  async function figures(url: string) {
    return readServerPage((await get(`${url}/metrics`)).text)!;
  }

  afterEach(() => simulator?.close());

  it('serves the model under its name, and always says what it simulates', async () => {
    const url = await serve({ maxModelLen: 4096 });
    const { data } = JSON.parse((await get(`${url}/v1/models`)).text) as { data: Record<string, unknown>[] };
    const { id, owned_by, max_model_len, simulates } = data[0]!;
    assert.deepEqual([id, owned_by, max_model_len], ['Qwen2.5-7B', 'tokenswarm-simulator', 4096]);
    assert.deepEqual(simulates, {
      ...{ card: 'H800 SXM', model: 'Qwen2.5-7B', tensorParallel: 1, weights: 'bf16', kvCache: 'bf16' },
      ...{ kvTokens: 928_928, maxModelLen: 4096, maxNumSeqs: 1024, maxNumBatchedTokens: 8192 },
      ...{ prefixCaching: true, chunkedPrefill: true, engine: 'vllm-0.6.3' },
    });
    assert.equal(
      simulator?.simulates,
      'simulates Qwen2.5-7B on 1 × H800 SXM in bf16, with room for 928,928 tokens in its KV cache, ' +
        'steps of up to 8192 tokens for 1024 sequences, prefix caching, chunked prefill, constants of vllm-0.6.3',
    );
  });

  it('takes the time that the card takes, whatever pace the name of the model asks for', async () => {
    const url = await serve();
    const events = contentOf(await stream(url, { model: 'sim-ttft500-itl100-len20' }));
    assert.equal(events.length, 20);
    const gap = (events.at(-1)!.written_at - events[0]!.written_at) / 19;
    // A busy machine makes it longer, not ten times as long.
    assert.ok(gap > 4.3 && gap < 60, `${gap}`);
  });

  it('refuses a prompt that is too long, and ends an answer where the longest sequence does', async () => {
    const url = await serve({ maxModelLen: 64 });
    const ask = (content: string) => {
      return post(url, { model: 'sim', stream: true, ignore_eos: true, messages: [{ role: 'user', content }] });
    };
    const { status, text } = await ask('x'.repeat(4 * 63));
    assert.deepEqual(
      [status, (JSON.parse(text) as { error: { message: string } }).error.message],
      [400, "This model's maximum context length is 64 tokens. However, your request has 63 input tokens."],
    );
    const events = eventsOf((await ask('x'.repeat(4 * 40))).text);
    assert.equal(contentOf(events).length, 23);
    assert.equal(events.at(-1)?.choices[0]?.finish_reason, 'length');
  });

  it('finds the beginning of a prompt that it has seen, and counts it under the names of vLLM', async () => {
    const url = await serve();
    const ask = (end: string) =>
      stream(url, { max_tokens: 2, messages: [{ role: 'user', content: 'x'.repeat(640) + end }] });
    await ask('first');
    await ask('second');
    const { figures: seen, cacheConfig } = await figures(url);
    assert.deepEqual([seen.prefixQueries, seen.prefixHits], [162 + 162, 160]);
    assert.deepEqual([seen.running, seen.waiting, seen.kvCache, seen.preemptions], [0, 0, 0, 0]);
    assert.deepEqual([seen.generationTokens, seen.draftTokens], [4, null]);
    assert.deepEqual(cacheConfig, {
      ...{ block_size: '16', num_gpu_blocks: '58058', cache_dtype: 'auto', enable_prefix_caching: 'True' },
      ...{ gpu_memory_utilization: '0.9', engine: '0' },
    });
  });

  it('finds most of an answer that a conversation sends back', async () => {
    const url = await serve();
    const asked = { role: 'user', content: 'x'.repeat(256) };
    const fields = { max_tokens: 100, ignore_eos: true };
    const said = textOf(await stream(url, { ...fields, messages: [asked] }));
    const before = (await figures(url)).figures.prefixHits ?? 0;
    const next = { role: 'user', content: 'and then?' };
    await stream(url, { ...fields, messages: [asked, { role: 'assistant', content: said }, next] });
    const found = ((await figures(url)).figures.prefixHits ?? 0) - before;
    assert.ok(found >= 64 + 80 && found <= 64 + 112, `${found}`);
  });

  it('sends the tokens of a step in one event where drafts are right, with the same text', async () => {
    const alone = await serve();
    const fields = { model: 'sim-think7-len30', seed: 3, stream_options: { include_usage: true } };
    const textsOf = (events: Awaited<ReturnType<typeof stream>>) => {
      const deltas = events.map(({ choices }) => (choices[0]?.delta ?? {}) as Record<string, string | undefined>);
      const join = (name: string) => deltas.map((delta) => delta[name] ?? '').join('');
      return [join('reasoning_content'), join('content'), events.at(-1)?.usage?.completion_tokens];
    };
    const one = await stream(alone, fields);
    await simulator?.close();
    const url = await serve({ speculation: { tokens: 3, acceptance: 1 } });
    const several = await stream(url, fields);
    assert.deepEqual(textsOf(several), textsOf(one));
    assert.equal(textsOf(one)[2], 37);
    assert.ok(several.length < one.length / 2, `${several.length} ${one.length}`);
    const { draftTokens, acceptedTokens } = (await figures(url)).figures;
    assert.ok(draftTokens !== null && draftTokens > 20 && acceptedTokens === draftTokens);
    // Whole answers, and those that call tools, stay whole.
    const whole = await post(url, { model: 'sim-len9', seed: 3, messages: [{ role: 'user', content: 'hi' }] });
    assert.equal((JSON.parse(whole.text) as { usage: { completion_tokens: number } }).usage.completion_tokens, 9);
  });
});

describe('tokenswarm simulate --card', () => {
  const folder = testFolder();

  it('is told of in the record and the reports of a run', async () => {
    const child = await forkSimulator('--card', 'h20', '--model-arch', 'qwen2.5-7b', '--tensor-parallel-size', '2');
    try {
      const scenario = folder.write(
        'chat.ts',
        `import { chat } from 'tokenswarm';\nexport default () => chat({ messages: 'hello', maxTokens: 3 });`,
      );
      const out = ['--out', `json=${folder.path}/run.json`, '--out', `markdown=${folder.path}/run.md`];
      const args = ['run', scenario, '--base-url', child.url, '-u', '1', '-i', '2', ...out];
      const { code, stdout, stderr } = await tokenswarm(args, { cwd: folder.path });
      assert.equal(code, 0, stdout + stderr);
      const { target } = folder.summary('run.json');
      assert.deepEqual([target?.simulated, target?.model], [true, 'Qwen2.5-7B']);
      assert.deepEqual([target?.simulates?.card, target?.simulates?.tensorParallel], ['H20', 2]);
      assert.match(readFileSync(`${folder.path}/run.md`, 'utf8'), /\(simulated: Qwen2\.5-7B on 2 × H20\)/);
      const untried = [...args.slice(0, 4), '--no-preflight', '--model', 'sim', '-u', '1', '-i', '1', ...out];
      assert.equal((await tokenswarm(untried, { cwd: folder.path })).code, 0);
      assert.equal(folder.summary('run.json').target?.simulated, true, 'it says so with its answers');
    } finally {
      child.stop();
    }
  });

  it('starts a card with every flag', async () => {
    const flags =
      '--card NVIDIA-A800-SXM4-80GB --model Qwen/Qwen2.5-14B-Instruct --tensor-parallel-size 2 ' +
      '--gpu-memory-utilization 0.8 --max-model-len 8192 --max-num-batched-tokens 4096 --max-num-seqs 100 ' +
      '--block-size 32 --quantization awq --kv-cache-dtype fp8 --no-enable-prefix-caching --enable-chunked-prefill ' +
      `--engine vllm-0.24 --api-server-count 2 --stream-interval 3 --rust-frontend ` +
      `--speculative-tokens 2 --acceptance-rate 0.5 --efficiency ${folder.write('e.json', '{"compute": 0.5}')}`;
    const child = await forkSimulator(...flags.split(' '));
    try {
      const { data } = JSON.parse((await get(`${child.url}/v1/models`)).text) as { data: Record<string, unknown>[] };
      assert.equal(data[0]?.id, 'Qwen/Qwen2.5-14B-Instruct');
      assert.deepEqual(data[0]?.simulates, {
        ...{ card: 'A800 SXM', model: 'Qwen2.5-14B', tensorParallel: 2, weights: 'int4', kvCache: 'fp8' },
        ...{ kvTokens: 1_113_664, maxModelLen: 8192, maxNumSeqs: 100, maxNumBatchedTokens: 4096 },
        ...{ prefixCaching: false, chunkedPrefill: true, speculativeTokens: 2, acceptanceRate: 0.5 },
        ...{ engine: 'vllm-0.24', apiServers: 2, streamInterval: 3, frontEnd: 'rust' },
      });
    } finally {
      child.stop();
    }
  });

  it('refuses flags that go together with others which are missing, and what it cannot read', async () => {
    const refusals: readonly (readonly [string, string, string])[] = [
      ['--tensor-parallel-size 2', '--tensor-parallel-size', 'it needs a card'],
      ['--no-enable-prefix-caching', '--enable-prefix-caching', 'it needs a card'],
      ['--card h800', '--card', 'a card needs a model to serve'],
      [
        '--card h900 --model-arch qwen2.5-7b',
        '--card',
        'there is no card "h900" in the catalogue; did you mean "h100"?',
      ],
      ['--card h800 --model-arch x', '--model-arch', 'there is no model "x" in the catalogue'],
      ['--card h800 --model gpt', '--model', 'there is no model "gpt" in the catalogue'],
      ['--card h800 --model-arch qwen2.5-7b --acceptance-rate 0.5', '--acceptance-rate', 'it needs draft tokens'],
      ['--card h800 --model-arch qwen2.5-7b --itl 5', '--itl', 'the card determines the time of tokens'],
      [
        '--card h800 --model-arch qwen2.5-72b',
        '--card',
        'Qwen2.5-72B does not fit on 1 × H800 SXM: its weights take 145.4 GB of each card and the engine 3.5 GB, and 72.0 GB may be used (0.9 of 80 GB)',
      ],
      ['--quantization fp4', '--quantization', 'expected one of fp8, int8, awq, gptq, got "fp4"'],
      ['--gpu-memory-utilization 90', '--gpu-memory-utilization', 'expected a share from 0 to 1 such as 0.9, got "90"'],
      ['--block-size 1000', '--block-size', 'expected an integer from 1 to 256, got "1000"'],
    ];
    for (const [flags, where, message] of refusals) {
      const { code, stderr } = await tokenswarm(['simulate', '--port', '0', ...flags.split(' ')]);
      assert.deepEqual([code, stderr.split('\n')[0]], [104, `error ${where}: ${message}`]);
    }
  });

  it('refuses constants with everything that is wrong about them', async () => {
    const card = ['--port', '0', '--card', 'h800', '--model-arch', 'qwen2.5-7b', '--efficiency'];
    const file = folder.write('bad.json', '{"compute": 7, "speed": 1}');
    for (const [path, message] of [
      [
        file,
        /bad\.json: compute: expected a number from 0\.05 to 1, got 7; speed: there is no such constant; use memory/,
      ],
      [folder.write('text.json', 'fast'), /text\.json cannot be read: Unexpected token/],
      [`${folder.path}/none.json`, /none\.json cannot be read: ENOENT/],
    ] as const) {
      const { stderr } = await tokenswarm(['simulate', ...card, path]);
      assert.match(stderr, /^error --efficiency: /);
      assert.match(stderr, message);
    }
  });
});
