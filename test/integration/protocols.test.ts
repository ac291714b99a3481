import assert from 'node:assert/strict';
import type { Summary } from '../../engine/index.js';
import type { Simulator } from '../../engine/simulator/index.js';
import { testFolder } from '../support/folder.js';
import { settings } from '../support/run.js';
import { whole } from '../support/scripts.js';
import { virtualTime } from '../support/virtual-time.js';

/** The truth of fixed mode: what the simulator is told to do. */
const TTFT = 60;
const ITL = 8;
const TOKENS = 25;
const THOUGHTS = 5;
const MODEL = `sim-ttft${TTFT}-itl${ITL}-len${TOKENS}-think${THOUGHTS}`;

const TOOLS = `[{ type: 'function', function: { name: 'weather',
  parameters: { type: 'object', properties: { city: { type: 'string' } } } } }]`;

describe('a run in each protocol', () => {
  const folder = testFolder();
  const time = virtualTime();
  let served: Simulator;

  before(async () => {
    served = await time.simulator({ model: MODEL });
  });

  after(() => served.close());

  let files = 0;
  /** Runs `body` as the iteration of two users, `times` times each. All scenario functions are imported. */
  async function carry(body: string, { model = MODEL, times = 3, protocol = 'chat' } = {}): Promise<Summary> {
    files += 1;
    const file = folder.write(
      `${files}.ts`,
      `import { anthropic, chat, check, complete, conversation, Counter, embed, gemini, ollama, responses, sleep, tgi } from 'tokenswarm';
       const firstRead = new Counter('first_read');
       export const options = { protocol: '${protocol}',
         scenarios: { all: { executor: 'per-vu-iterations', vus: 2, iterations: ${times} } } };
       const tools = ${TOOLS};
       export default async function () { ${body} }`,
    );
    // A request of TGI names no model: it is the server's.
    const { url } = protocol === 'tgi' ? served : time;
    return await time.runToEnd(file, settings(url, {}, model));
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
    ['gemini', THOUGHTS],
    ['tgi', 0],
  ] as const) {
    const tokens = TOKENS + thoughts;
    it(`${protocol}: tells TTFT, TPOT and every token as they were`, async () => {
      const summary = await carry(
        `const answer = await ${protocol}({ ${saying(protocol)} });
         const early = answer.chunks.filter(({ at }) => at === answer.chunks[0].at).length;
         firstRead.add(early < 4 ? 1 : early); // more are held back
         check(answer, {
           good: (a) => a.ok && a.finishReason === 'stop' && a.name === '${protocol}',
           said: (a) => a.text.length > ${TOKENS / 2} && (a.reasoning.length > 0) === ${thoughts > 0},
           counted: (a) => a.outputTokens === ${tokens} && a.inputTokens === 2,
           events: (a) => a.chunks.length === ${tokens} && a.chunks.every(({ tokens }) => tokens === 1),
           'in order': (a) => a.at.firstChunk <= a.at.firstToken && a.at.firstToken <= a.at.firstAnswer
             && a.at.firstAnswer < a.at.lastToken && a.at.lastToken <= a.at.ended,
         });`,
        { protocol },
      );
      assertGood(summary, 5);
      assert.equal(whole(summary, 'llm_requests').count, 6);
      assert.equal(whole(summary, 'llm_output_tokens').count, 6 * tokens);
      assert.equal(whole(summary, 'llm_input_tokens').count, 6 * 2);
      assert.equal(whole(summary, 'llm_itl').count, 6 * tokens - (whole(summary, 'first_read').count ?? 0));
      assert.equal(summary.requests.tokenSource, 'usage');
      const truth = {
        llm_ttft: TTFT,
        llm_ttft_chunk: TTFT,
        llm_ttft_answer: TTFT + thoughts * ITL,
        llm_e2e: TTFT + (tokens - 1) * ITL,
      };
      for (const [metric, expected] of Object.entries(truth)) {
        // The least that a busy machine has disturbed.
        const { min = 0 } = whole(summary, metric);
        assert.ok(Math.abs(min - expected) < 25, `${metric}: the least is ${min} ms, the truth ${expected}`);
      }
      const { min = 0 } = whole(summary, 'llm_tpot');
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
    const { count, min = 0 } = whole(summary, 'llm_e2e');
    assert.equal(count, 6);
    assert.ok(Math.abs(min - TTFT) < 25, `the least is ${min} ms, the truth ${TTFT}`);
    assert.equal(whole(summary, 'llm_input_tokens').count, 24);
    for (const metric of ['llm_ttft', 'llm_tpot', 'llm_itl', 'llm_output_tokens']) {
      assert.equal(summary.metrics[metric], undefined, metric);
    }
    assert.equal(whole(summary, 'llm_failed').rate, 0);
    assert.equal(summary.requests.tokenSource, 'none');
  });

  for (const protocol of ['chat', 'responses', 'anthropic', 'ollama', 'gemini']) {
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
      assert.equal(whole(summary, 'llm_e2e').count, 6);
      assert.equal(whole(summary, 'llm_ttft').count, 2);
      assert.equal(whole(summary, 'llm_output_tokens').count, 6 * (TOKENS + THOUGHTS));
    });
  }

  for (const protocol of ['chat', 'complete', 'responses', 'anthropic', 'ollama', 'gemini', 'tgi']) {
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
      assert.equal(whole(summary, 'llm_requests').count, 6);
      assert.equal(whole(summary, 'llm_failed').rate, 4 / 6);
    });
  }
});
