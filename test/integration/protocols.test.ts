import assert from 'node:assert/strict';
import type { Summary, UserError } from '../../engine/index.js';
import { createSimulator } from '../../engine/simulator/index.js';
import { tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { misbehavingServers, plain } from '../support/misbehaving-server.js';
import { runToEnd, settings } from '../support/run.js';
import { type Simulator, sharedSimulator } from '../support/simulator.js';

/** The truth of fixed mode: what the simulator is told to do. */
const TTFT = 60;
const ITL = 8;
const TOKENS = 25;
const THOUGHTS = 5;
const MODEL = `sim-ttft${TTFT}-itl${ITL}-len${TOKENS}-think${THOUGHTS}`;

const TOOLS = `[{ type: 'function', function: { name: 'weather',
  parameters: { type: 'object', properties: { city: { type: 'string' } } } } }]`;

function valuesOf(summary: Summary, metric: string): Readonly<Record<string, number>> {
  return summary.metrics[metric]?.windows.whole ?? {};
}

describe('a run in each protocol', () => {
  const folder = testFolder();
  const start = misbehavingServers();
  let simulator: Simulator;
  let served: Awaited<ReturnType<typeof createSimulator>>;

  before(async () => {
    simulator = await sharedSimulator();
    served = await createSimulator({ model: MODEL });
  });

  after(() => served.close());

  let files = 0;

  /** Runs `body` as the iteration of two users, `times` times each. All scenario functions are imported. */
  async function carry(body: string, { model = MODEL, times = 3, protocol = 'chat' } = {}): Promise<Summary> {
    files += 1;
    const file = folder.write(
      `${files}.ts`,
      `import { anthropic, chat, check, complete, embed, ollama, responses, tgi } from 'tokenswarm';
       export const options = { protocol: '${protocol}',
         scenarios: { all: { executor: 'per-vu-iterations', vus: 2, iterations: ${times} } } };
       const tools = ${TOOLS};
       export default async function () { ${body} }`,
    );
    // A request of TGI names no model: it is the server's.
    const { url } = protocol === 'tgi' ? served : simulator;
    return await runToEnd(file, settings(url, {}, model));
  }

  /** Input field of a protocol. */
  function saying(protocol: string): string {
    return ['complete', 'tgi'].includes(protocol) ? `prompt: '你好'` : `messages: '你好'`;
  }

  /** All checks hold, and no iteration fails. */
  function assertGood(summary: Summary, checks: number): void {
    assert.deepEqual([summary.errors, summary.failures], [[], []]);
    assert.equal(summary.checks.length, checks);
    for (const { name, fails, passes } of summary.checks)
      assert.ok(fails === 0 && passes > 0, `${name}: ${fails} fail`);
  }

  for (const [protocol, thoughts] of [
    ['chat', THOUGHTS],
    ['complete', 0],
    ['responses', THOUGHTS],
    ['anthropic', THOUGHTS],
    ['ollama', THOUGHTS],
    ['tgi', 0],
  ] as const) {
    it(`${protocol}: tells TTFT, TPOT and every token as they were`, async () => {
      const said = saying(protocol);
      const summary = await carry(
        `const answer = await ${protocol}({ ${said} });
         check(answer, {
           good: (a) => a.ok && a.finishReason === 'stop' && a.name === '${protocol}',
           said: (a) => a.text.length > ${TOKENS / 2} && (a.reasoning.length > 0) === ${thoughts > 0},
           counted: (a) => a.outputTokens === ${TOKENS + thoughts} && a.inputTokens === 2,
           events: (a) => a.chunks.length === ${TOKENS + thoughts} && a.chunks.every(({ tokens }) => tokens === 1),
           'in order': (a) => a.at.firstChunk <= a.at.firstToken && a.at.firstToken <= a.at.firstAnswer
             && a.at.firstAnswer < a.at.lastToken && a.at.lastToken <= a.at.ended,
         });`,
        { protocol },
      );
      assertGood(summary, 5);
      const tokens = TOKENS + thoughts;
      assert.equal(valuesOf(summary, 'llm_requests').count, 6);
      assert.equal(valuesOf(summary, 'llm_output_tokens').count, 6 * tokens);
      assert.equal(valuesOf(summary, 'llm_input_tokens').count, 6 * 2);
      assert.equal(valuesOf(summary, 'llm_itl').count, 6 * (tokens - 1));
      assert.equal(summary.requests.tokenSource, 'usage');
      const truth = {
        llm_ttft: TTFT,
        llm_ttft_chunk: TTFT,
        llm_ttft_answer: TTFT + thoughts * ITL,
        llm_e2e: TTFT + (tokens - 1) * ITL,
      };
      for (const [metric, expected] of Object.entries(truth)) {
        // The least that a busy machine has disturbed.
        const { min = 0 } = valuesOf(summary, metric);
        assert.ok(Math.abs(min - expected) < 25, `${metric}: the least is ${min} ms, the truth ${expected}`);
      }
      const { min = 0 } = valuesOf(summary, 'llm_tpot');
      assert.ok(Math.abs(min - ITL) < 1.5, `TPOT is ${min} ms, the truth ${ITL}`);
    });
  }

  it('embed: tells the time from end to end and the input tokens, and has none of a stream', async () => {
    const summary = await carry(
      `const answer = await embed({ input: ['你好', 'hello'], dimensions: 3 });
       check(answer, {
         good: (a) => a.ok && a.failure === undefined && a.outputTokens === 0 && a.inputTokens === 4,
         vectors: (a) => a.vectors.length === 2 && a.vectors.every((vector) => vector.length === 3),
         'no stream': (a) => a.ttft === undefined && a.tpot === undefined && a.at.firstToken === undefined,
       });`,
      { protocol: 'embed' },
    );
    assertGood(summary, 3);
    const { count, min = 0 } = valuesOf(summary, 'llm_e2e');
    assert.equal(count, 6);
    assert.ok(Math.abs(min - TTFT) < 25, `the least is ${min} ms, the truth ${TTFT}`);
    assert.equal(valuesOf(summary, 'llm_input_tokens').count, 24);
    for (const metric of ['llm_ttft', 'llm_tpot', 'llm_itl', 'llm_output_tokens']) {
      assert.equal(summary.metrics[metric], undefined, metric);
    }
    assert.equal(valuesOf(summary, 'llm_failed').rate, 0);
    assert.equal(summary.requests.tokenSource, 'none');
  });

  for (const protocol of ['chat', 'responses', 'anthropic', 'ollama']) {
    it(`${protocol}: joins tool calls, takes images, and reads answers in one piece`, async () => {
      // Ollama has no way to insist on a tool.
      const choice = protocol === 'ollama' ? `model: '${MODEL}-tools'` : `toolChoice: 'required'`;
      const summary = await carry(
        `const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } };
         const messages = [{ role: 'system', content: 'Be brief.' },
           { role: 'user', content: [{ type: 'text', text: 'What is it?' }, image] }];
         const called = await ${protocol}({ messages, tools, ${choice}, name: 'called' });
         const whole = await ${protocol}({ messages, stream: false, name: 'whole', slo: { e2e: 5000, ttft: 1 } });
         const both = await ${protocol}({ messages, tools, ${choice}, stream: false, name: 'both' });
         for (const answer of [called, both]) check(answer, {
           called: (a) => a.ok && a.finishReason === 'tool_calls' && a.toolCalls.length === 1 && a.text === '',
           tool: (a) => a.toolCalls[0].name === 'weather' && typeof JSON.parse(a.toolCalls[0].arguments).city === 'string',
           counted: (a) => a.outputTokens === ${TOKENS + THOUGHTS},
         });
         check(whole, {
           whole: (a) => a.ok && a.text.length > 10 && a.reasoning.length > 0 && a.finishReason === 'stop',
           'end to end only': (a) => a.ttft === undefined && a.tpot === undefined && a.e2e >= ${TTFT} && a.e2e === a.at.ended,
           'counted by usage': (a) => a.outputTokens === ${TOKENS + THOUGHTS} && a.inputTokens > 2,
           good: (a) => a.good === true,
         });`,
        { times: 1 },
      );
      assertGood(summary, 7);
      // Two users, three requests each, of which one is streamed.
      assert.equal(valuesOf(summary, 'llm_e2e').count, 6);
      assert.equal(valuesOf(summary, 'llm_ttft').count, 2);
      assert.equal(valuesOf(summary, 'llm_output_tokens').count, 6 * (TOKENS + THOUGHTS));
    });
  }

  for (const protocol of ['chat', 'complete', 'responses', 'anthropic', 'ollama', 'tgi']) {
    it(`${protocol}: stops after so many tokens, tells each one, and is cancelled`, async () => {
      const said = saying(protocol);
      const summary = await carry(
        `const heard = [];
         const onToken = (text, info) => heard.push({ text, ...info });
         const aborted = await ${protocol}({ ${said}, name: 'aborted', abortAfter: { tokens: 7 }, onToken });
         check(aborted, {
           aborted: (a) => a.ok && a.finishReason === 'aborted' && a.outputTokens === 7,
           heard: (a) => heard.length === 7 && heard.every(({ index, tokens, at }, i) =>
             index === i && tokens === 1 && at === a.chunks[i].at),
           text: (a) => heard.filter(({ kind }) => kind === 'text').map(({ text }) => text).join('') === a.text,
           reasoning: (a) => heard.filter(({ kind }) => kind === 'reasoning').map(({ text }) => text).join('') === a.reasoning,
         });
         const controller = new AbortController();
         const cancelled = await ${protocol}({ ${said}, name: 'cancelled', signal: controller.signal,
           onToken: (_, { index }) => { if (index === 2) controller.abort(new Error('enough')); } });
         check(cancelled, { cancelled: (a) => !a.ok && a.failure.kind === 'cancelled' && a.chunks.length === 3 });
         await ${protocol}({ ${said}, name: 'thrown', onToken() { throw new Error('my own mistake'); } });`,
        { times: 1 },
      );
      assert.deepEqual(
        summary.checks.map(({ name, fails }) => [name, fails]).sort(),
        ['aborted', 'cancelled', 'heard', 'reasoning', 'text'].map((name) => [name, 0]),
      );
      const [error, ...more] = summary.errors;
      assert.deepEqual([error?.message, error?.count, more.length], ['my own mistake', 2, 0]);
      assert.match(error?.where ?? '', /\d+\.ts:\d+/);
      const kinds = summary.failures.map(({ name, kind, message }) => `${name} ${kind}: ${message}`);
      assert.deepEqual(kinds.sort(), [
        "cancelled cancelled: the script's signal aborted: enough",
        'thrown cancelled: onToken threw: my own mistake',
      ]);
      assert.equal(valuesOf(summary, 'llm_requests').count, 6);
      assert.equal(valuesOf(summary, 'llm_failed').rate, 4 / 6);
    });
  }

  it('frees the server of an answer that the script has seen enough of', async () => {
    // A batch of one: the next request gets no token before the one before has left.
    const narrow = await createSimulator({ maxNumSeqs: 1, stepCost: () => 1 });
    try {
      const file = folder.write(
        'narrow.ts',
        `import { chat } from 'tokenswarm';
         export const options = { vus: 1, iterations: 5 };
         export default async () => {
           await chat({ messages: 'hi', abortAfter: { tokens: 3 }, extraBody: { ignore_eos: true } });
         };`,
      );
      const summary = await runToEnd(file, settings(narrow.url, {}, 'sim'));
      assert.deepEqual(summary.failures, []);
      assert.equal(valuesOf(summary, 'llm_output_tokens').count, 15);
    } finally {
      await narrow.close();
    }
  });

  it('works with a server that speaks nothing else, once it is told so', async () => {
    const server = await start(({ head, socket }) =>
      socket.write(
        head.startsWith('POST /v1/embeddings ')
          ? plain(200, 'application/json', '{"data":[{"index":0,"embedding":[1,2]}],"usage":{"prompt_tokens":3}}')
          : plain(404, 'application/json', '{"detail":"Not Found"}'),
      ),
    );
    const write = (name: string, options: string) =>
      folder.write(
        name,
        `import { embed } from 'tokenswarm';
         export const options = { ${options} vus: 1, iterations: 4 };
         export default async () => { await embed({ input: 'hi' }); };`,
      );
    const told = write('told.ts', `protocol: 'embed',`);
    const summary = await runToEnd(told, settings(server.url, {}, 'bge'));
    assert.deepEqual([summary.failures, summary.errors], [[], []]);
    assert.equal(valuesOf(summary, 'llm_e2e').count, 4);
    assert.equal(valuesOf(summary, 'llm_input_tokens').count, 12);
    await assert.rejects(runToEnd(write('untold.ts', ''), settings(server.url, {}, 'bge')), (error: UserError) => {
      assert.match(error.message, /a small chat request to bge failed/);
      assert.match(error.hint ?? '', /set options.protocol to complete, embed/);
      return true;
    });
  });

  it('says what a request cannot be made of, and that nothing was sent', async () => {
    const table: readonly [string, RegExp][] = [
      [
        `chat({ messages: 'hi', max_tokens: 5 })`,
        /^chat does not know the field max_tokens: it takes messages, maxTokens,/,
      ],
      [`ollama({ messages: 'hi', toolChoice: 'required' })`, /^ollama does not know the field toolChoice/],
      [`anthropic({ messages: 'hi', seed: 1 })`, /^anthropic does not know the field seed/],
      [`embed({ input: 'hi', stream: true })`, /^embed does not know the field stream/],
      [`chat({ messages: 'hi', stream: false, onToken() {} })`, /^chat: onToken needs a stream, and stream is false/],
      [`chat({ messages: 'hi', extraBody: { stream: false }, abortAfter: { tokens: 1 } })`, /^chat: abortAfter needs/],
      [`chat({ messages: 'hi', abortAfter: { tokens: 0 } })`, /^chat's abortAfter: expected \{ tokens: n \}/],
      [`chat({ messages: 'hi', extraBody: { n: 3 } })`, /^chat reads one choice/],
      [`chat({ messages: [] })`, /^chat needs messages/],
      [`complete({})`, /^complete needs a prompt/],
      [`embed({ input: [] })`, /^embed needs an input/],
      [`responses('hi')`, /^responses takes an object, got "hi"/],
      [`responses({ messages: 'hi', timeout: 'soon' })`, /^responses's timeout: expected a duration/],
    ];
    const calls = table.map(([call]) => `() => ${call}`);
    const { errors, metrics } = await carry(`await [${calls}][__ITER]();`, { times: table.length });
    assert.equal(metrics.llm_requests, undefined);
    const messages = errors.map(({ message }) => message);
    for (const [call, expected] of table)
      assert.ok(
        messages.some((message) => expected.test(message)),
        call,
      );
    assert.ok(errors.every(({ count, where }) => count === 2 && /\d+\.ts:\d+/.test(where ?? '')));
  });

  it('is tried with requests, answers and instants of every protocol', async () => {
    const file = folder.write(
      'tried.ts',
      `import { anthropic, complete, embed, ollama, responses } from 'tokenswarm';
       export default async () => {
         await complete({ prompt: [1, 2, 3], maxTokens: 4, extraBody: { echo: true } });
         await embed({ input: ['one', 'two'], dimensions: 8 });
         await responses({ messages: 'Hello?', tools: ${TOOLS}, toolChoice: 'required' });
         await anthropic({ messages: [{ role: 'user', content: 'Wie?' }], headers: { 'x-api-key': 'secret' } });
         await ollama({ messages: 'Hm?', stream: false });
       };`,
    );
    const { code, stdout } = await tokenswarm(['try', file, '--base-url', simulator.url, '--model', `${MODEL}-x`]);
    assert.equal(code, 0, stdout);
    for (const shown of [
      /→ complete, model sim\S+ \{"maxTokens":4,"echo":true\}\n {2}prompt \[1,2,3\]\n/,
      /→ embed, model sim\S+ \{"dimensions":8\}\n {2}input \["one","two"\]\n← vector (-?0\.\d{4}, ){4}… \(8 dimensions\)\n/,
      /→ responses, .*\n {2}user Hello\?\n← reasoning \S.*\n← calls weather\(\{"city": "[^\n]+"\}\)\n/,
      /→ anthropic, .*\n {2}user Wie\?\n← reasoning/,
      /→ ollama, model sim\S+ \{"stream":false\}\n {2}user Hm\?\n← reasoning/,
    ]) {
      assert.match(stdout, shown);
    }
    assert.doesNotMatch(stdout, /secret/);
  });
});
