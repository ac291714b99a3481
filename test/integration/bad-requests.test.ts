import assert from 'node:assert/strict';
import { UserError } from '../../engine/errors.js';
import { testFolder } from '../support/folder.js';
import { runToEnd, settings } from '../support/run.js';
import { type Simulator, sharedSimulator } from '../support/simulator.js';

describe('a script with a mistake in its calls', () => {
  const folder = testFolder();
  let simulator: Simulator;

  before(async () => {
    simulator = await sharedSimulator();
  });

  it('reports an invalid request, and that nothing was sent', async () => {
    const table: readonly [string, RegExp][] = [
      [
        `chat({ messages: 'hi', max_tokens: 5 })`,
        /^chat does not know the field max_tokens; did you mean "maxTokens"\?/,
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
      [`responses('hi')`, /^responses: expected an object such as \{ messages: …, maxTokens: … \}, got "hi"/],
      [
        `chat({ ...[{ role: 'user', content: 'hi' }] })`,
        /^chat: a list or a text was spread into its fields; a data set's \.draw\(\) has fields, its \.next\(\) is a list$/,
      ],
      [`chat({ prompt: 'hi' })`, /^chat does not know the field prompt; did you mean "messages"\?$/],
      [`complete({ messages: 'hi' })`, /^complete does not know the field messages; did you mean "prompt"\?$/],
      [`chat({ messages: 'hi', stream: 'true' })`, /^chat's stream: expected true or false, got "true"$/],
      [`chat({ messages: 'hi', maxTokens: '5' })`, /^chat's maxTokens: expected a number, got "5"$/],
      [`check((a) => a.ok)`, /^check: expected conditions by name, such as check\(answer, .*, got undefined$/],
      [`SharedArray()`, /^SharedArray is not defined: add import \{ SharedArray \} from 'tokenswarm'$/],
      [`responses({ messages: 'hi', timeout: 'soon' })`, /^responses's timeout: expected a duration/],
      [
        `chat({ messages: 'hi', max_completion_tokens: 5 })`,
        /^chat does .* max_completion_tokens; did you mean "maxTokens"/,
      ],
      [
        `chat({ messages: 'hi', slo: { TTFT: 500 } })`,
        /^chat's slo does not know the field TTFT; did you mean "ttft"\?$/,
      ],
      [`chat({ messages: 'hi', slo: { ttft: 0.5 } })`, /^chat's slo.ttft: .* got 0.5; write "0.5s" or "0.5ms"$/],
      [`chat({ messages: 'hi', timeout: 30 })`, /^chat's timeout: .* got 30; write "30s" or "30ms"$/],
      [`chat({ messages: 'hi', timeout: { totl: '1s' } })`, /^chat's timeout does .* totl; did you mean "total"\?$/],
      [`chat({ messages: 'hi', retry: { tries: 3 } })`, /^retry does not know the field tries: it takes attempts$/],
      [
        `chat({ messages: 'hi', abortAfter: { token: 3 } })`,
        /^chat's abortAfter does .* token; did you mean "tokens"\?$/,
      ],
      [`conversation({ maxTurn: 3 })`, /^conversation does not know the field maxTurn; did you mean "maxTurns"\?$/],
      [`sleep('10')`, /^sleep: expected seconds or a text .* got "10"; write "10s" or "10ms"$/],
    ];
    const calls = table.map(([call]) => `() => ${call}`);
    const names = 'anthropic, chat, check, complete, conversation, embed, ollama, responses, sleep';
    const file = folder.write(
      'wrong.ts',
      `import { ${names} } from 'tokenswarm';
       export const options = {
         scenarios: { all: { executor: 'per-vu-iterations', vus: 2, iterations: ${table.length + 1} } } };
       export default async function () { await [() => 'a load whose iterations all throw ends early', ${calls}][__ITER](); }`,
    );
    const { errors, metrics } = await runToEnd(file, settings(simulator.url));
    assert.equal(metrics.llm_requests, undefined);
    for (const [call, expected] of table) {
      assert.ok(
        errors.some(({ message }) => expected.test(message)),
        call,
      );
    }
    for (const { count, where = '', message } of errors)
      assert.ok(count === 2 && /wrong\.ts:\d+/.test(where), message + where);
  });

  it('is refused before the load where it imports an unknown name', async () => {
    const file = folder.write(
      'imports.ts',
      "import { Chat, sleep, wait } from 'tokenswarm';\nexport default async () => { await Chat({}); await sleep(0); await wait(1); };",
    );
    await assert.rejects(runToEnd(file, settings(simulator.url)), (error) => {
      assert.ok(error instanceof UserError);
      assert.equal(error.exitCode, 107);
      assert.match(
        error.message,
        /^'tokenswarm' does not export Chat; did you mean "chat"\?\n'tokenswarm' does not export wait/,
      );
      return true;
    });
  });

  it('is told which field has the text of an answer', async () => {
    const file = folder.write(
      'choices.ts',
      `import { chat } from 'tokenswarm';
       export default async () => (await chat({ messages: "hi", maxTokens: 2 })).choices[0];`,
    );
    const { errors } = await runToEnd(file, settings(simulator.url));
    assert.match(errors[0]?.message ?? '', /^an answer has no choices: its text is answer\.text$/);
  });

  it('is warned of seconds that are meant as milliseconds', async () => {
    const file = folder.write(
      'long.ts',
      `import { sleep } from 'tokenswarm';
       export const options = { scenarios: { a: { executor: 'constant-vus', duration: '1s', gracefulStop: '0s' } } };
       export default () => sleep(1000);`,
    );
    const { warnings } = await runToEnd(file, settings(simulator.url));
    const expected = "sleep(1000) waits 16m40s: a number is seconds; for milliseconds write sleep('1000ms')";
    assert.ok(warnings.includes(expected), warnings.join('\n'));
  });
});
