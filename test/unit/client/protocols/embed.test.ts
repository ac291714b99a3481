import assert from 'node:assert/strict';
import { type EmbeddingBody, embedProtocol } from '../../../../engine/client/protocols/embed.js';
import { hear } from './recorded.js';

const vectorsOf = (body: unknown) => hear(embedProtocol, [Buffer.from(JSON.stringify(body))], false).exchange;

describe("an embedding request's body", () => {
  const sent = (request: EmbeddingBody) => JSON.parse(String(embedProtocol.encode(request, 'm', true))) as unknown;

  for (const input of ['text', ['a', 'b'], [1, 2], [[1], [2, 3]]]) {
    it(`takes the input ${JSON.stringify(input)} as it is`, () => {
      assert.deepEqual(sent({ input } as EmbeddingBody), { model: 'm', input });
    });
  }

  it('has the dimensions, and extra fields', () => {
    const extraBody = { encoding_format: 'base64' };
    assert.deepEqual(sent({ input: 'a', dimensions: 8, extraBody }), {
      model: 'm',
      input: 'a',
      dimensions: 8,
      encoding_format: 'base64',
    });
  });

  it('is refused without input', () => {
    for (const input of [undefined, [], 7]) {
      assert.throws(() => sent({ input } as unknown as EmbeddingBody), /^TypeError: embed needs an input/);
    }
  });
});

describe('an answer with embeddings', () => {
  it('has a vector for each input, in the order of the inputs', () => {
    const { vectors, usage, done, failure } = vectorsOf({
      object: 'list',
      data: [
        { object: 'embedding', index: 1, embedding: [3, 4] },
        { object: 'embedding', index: 0, embedding: [1, 2] },
      ],
      usage: { prompt_tokens: 5, total_tokens: 5 },
    });
    assert.deepEqual(vectors, [
      [1, 2],
      [3, 4],
    ]);
    assert.deepEqual([usage, done, failure], [{ inputTokens: 5, outputTokens: 0 }, true, undefined]);
  });

  it('may have them as base64', () => {
    const embedding = Buffer.from(Float32Array.of(0.5, -2).buffer).toString('base64');
    assert.deepEqual(vectorsOf({ data: [{ embedding }] }).vectors, [[0.5, -2]]);
  });

  it('is empty where it has none', () => {
    assert.deepEqual(vectorsOf({ data: [] }).vectors, []);
    assert.deepEqual(vectorsOf({ object: 'list' }).vectors, []);
  });
});
