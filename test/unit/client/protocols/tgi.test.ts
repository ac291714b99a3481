import assert from 'node:assert/strict';
import { type TgiBody, tgiProtocol } from '../../../../engine/client/protocols/tgi.js';
import { hear, recordings } from './recorded.js';

const token = (index: number, text: string, special = false) => ({
  index,
  token: { id: index, text, logprob: -0.5, special },
  generated_text: null,
  details: null,
});
const ending = (text: string, finish_reason: string, generated_tokens: number) => ({
  generated_text: text,
  details: { finish_reason, generated_tokens, seed: null, input_length: 4 },
});
// TGI puts no blank between the field and its value.
const stream = (...events: readonly object[]) => events.map((event) => `data:${JSON.stringify(event)}\n\n`).join('');

describe("a request's body for TGI", () => {
  const sent = (request: Partial<TgiBody>) =>
    JSON.parse(String(tgiProtocol.encode({ prompt: 'Hi', ...request }, 'm', true))) as Record<string, unknown>;
  const table: readonly [string, Partial<TgiBody>, object][] = [
    ['the prompt, and asks for details', {}, { inputs: 'Hi', parameters: { details: true } }],
    [
      'the sampling among the parameters',
      { maxTokens: 5, temperature: 0.5, topP: 0.9, stop: '\n', seed: 7 },
      {
        inputs: 'Hi',
        parameters: {
          ...{ details: true, max_new_tokens: 5, temperature: 0.5, do_sample: true, top_p: 0.9, stop: ['\n'] },
          seed: 7,
        },
      },
    ],
    [
      'no temperature of 0 and no topP of 1, which the server refuses',
      { temperature: 0, topP: 1 },
      { inputs: 'Hi', parameters: { details: true } },
    ],
    [
      "the server's own parameters",
      { extraBody: { parameters: { top_n_tokens: 2 }, lora: 'a' } },
      { inputs: 'Hi', lora: 'a', parameters: { details: true, top_n_tokens: 2 } },
    ],
  ];
  for (const [what, request, expected] of table) it(`has ${what}`, () => assert.deepEqual(sent(request), expected));

  it('is refused without a prompt', () => {
    assert.throws(() => sent({ prompt: '' }), /^TypeError: tgi needs a prompt: a text, got ""$/);
  });
});

describe('a stream of TGI', () => {
  recordings(tgiProtocol, [
    [
      'that ends by its length',
      stream(token(1, 'Deep'), { ...token(2, ' learning'), ...ending('Deep learning', 'length', 2) }),
      {
        text: 'Deep learning',
        finishReason: 'length',
        usage: { inputTokens: 4, outputTokens: 2 },
        pieces: ['Deep', ' learning'],
        tokens: [1, 1],
      },
    ],
    [
      'whose last event is the end token, which is no output',
      stream(token(1, '你'), token(2, '好'), { ...token(3, '</s>', true), ...ending('你好', 'eos_token', 3) }),
      {
        text: '你好',
        finishReason: 'stop',
        usage: { inputTokens: 4, outputTokens: 3 },
        pieces: ['你', '好'],
        tokens: [1, 1],
      },
    ],
    [
      'that breaks off with an error',
      stream(token(1, 'Hi'), {
        error: 'Request failed during generation: Server error: OOM',
        error_type: 'generation',
      }),
      {
        text: 'Hi',
        done: false,
        failure: { kind: 'stream_error', message: 'Request failed during generation: Server error: OOM' },
      },
    ],
    ['that is cut', stream(token(1, 'Hi'), token(2, ' you')).slice(0, -9), { text: 'Hi', done: false }],
  ]);

  it('may be in one piece', () => {
    const body = ending('Four.', 'stop_sequence', 2);
    const { heard } = hear(tgiProtocol, [Buffer.from(JSON.stringify(body))], false);
    assert.deepEqual([heard.text, heard.finishReason, heard.done], ['Four.', 'stop', true]);
    assert.deepEqual(heard.usage, { inputTokens: 4, outputTokens: 2 });
  });
});
