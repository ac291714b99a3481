import assert from 'node:assert/strict';
import { type CompletionBody, completeProtocol } from '../../../../engine/client/protocols/complete.js';
import { hear, recordings, sse } from './recorded.js';

const HEAD = { id: 'cmpl-1', object: 'text_completion', created: 1, model: 'base' };
const chunk = (text: string, finish_reason: string | null = null, index = 0) => ({
  ...HEAD,
  choices: [{ index, text, logprobs: null, finish_reason }],
});
const usage = (completion_tokens: number) => ({ usage: { prompt_tokens: 3, completion_tokens } });

describe("a completion request's body", () => {
  const sent = (request: CompletionBody, askUsage = false) =>
    JSON.parse(String(completeProtocol.encode(request, 'm', askUsage))) as Record<string, unknown>;

  for (const prompt of ['Once', ['Once'], [1, 2, 3], [[1, 2], [3]], '']) {
    it(`takes the prompt ${JSON.stringify(prompt)} as it is`, () => {
      assert.deepEqual(sent({ prompt } as CompletionBody), { model: 'm', prompt, stream: true });
    });
  }

  it('has every field under its API name, and extra fields', () => {
    const request = { prompt: 'x', maxTokens: 5, temperature: 0, topP: 0.9, stop: 'a', seed: 7, stream: false };
    assert.deepEqual(sent({ ...request, extraBody: { echo: true, logprobs: 2 } }, true), {
      model: 'm',
      prompt: 'x',
      stream: false,
      max_tokens: 5,
      temperature: 0,
      top_p: 0.9,
      stop: 'a',
      seed: 7,
      echo: true,
      logprobs: 2,
    });
  });

  it('asks for token counts where it is streamed', () => {
    assert.deepEqual(sent({ prompt: 'x' }, true).stream_options, { include_usage: true });
  });

  for (const prompt of [undefined, [], 7, null]) {
    it(`refuses the prompt ${JSON.stringify(prompt)}`, () => {
      assert.throws(() => sent({ prompt } as unknown as CompletionBody), /^TypeError: complete needs a prompt/);
    });
  }

  it('asks for one choice only', () => {
    assert.throws(
      () => sent({ prompt: 'x', extraBody: { n: 2 } }),
      /reads one choice: extraBody.n has to be 1.* got 2/,
    );
  });
});

describe('a stream of a completion', () => {
  recordings(completeProtocol, [
    [
      'as vLLM sends it',
      sse(chunk('Once'), chunk(' upon'), chunk('', 'length'), { ...HEAD, choices: [], ...usage(2) }, '[DONE]'),
      {
        text: 'Once upon',
        finishReason: 'length',
        usage: { inputTokens: 3, outputTokens: 2 },
        pieces: ['Once', ' upon'],
        tokens: [1, 1],
      },
    ],
    [
      'with the counts in every event',
      sse({ ...chunk('Once'), ...usage(1) }, { ...chunk(' upon a time'), ...usage(4) }, chunk('', 'stop'), '[DONE]'),
      { text: 'Once upon a time', finishReason: 'stop', usage: { inputTokens: 3, outputTokens: 4 }, tokens: [1, 3] },
    ],
    [
      'of several prompts, whose tokens all count and whose text is the first',
      sse(chunk('b', null, 1), chunk('a'), chunk('A', 'stop'), chunk('B', 'stop', 1), '[DONE]'),
      { text: 'aA', finishReason: 'stop', tokens: [1, 1, 1, 1] },
    ],
    [
      'with an error that has a name',
      sse(chunk('Once'), ['error', { message: 'overloaded' }]),
      { text: 'Once', done: false, failure: { kind: 'stream_error', message: 'overloaded' } },
    ],
  ]);

  it('may be in one piece', () => {
    const body = Buffer.from(JSON.stringify({ ...chunk('Once upon', 'stop'), ...usage(3) }));
    const { text, usage: told, tokens, done } = hear(completeProtocol, [body], false).heard;
    assert.deepEqual([text, told, tokens, done], ['Once upon', { inputTokens: 3, outputTokens: 3 }, [], true]);
  });
});
