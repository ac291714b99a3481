import { combineSeeds, randomSource } from '../../random.js';
import { type PlainPrompt, plainPrompts } from '../text/conversation-text.js';
import { promptOf } from '../text/prompt-tokens.js';
import { count, invalid, readBody, text } from './request-fields.js';
import type { Protocol } from './simulated-protocol.js';

/** Default length of a vector. */
const DIMENSIONS = 64;

/** OpenAI's embeddings. They take as long as the first token of an answer to that text. */
export const embeddings: Protocol = {
  path: '/v1/embeddings',
  read(given) {
    const body = readBody(given);
    const model = text(body, 'model');
    const inputs = plainPrompts(body, 'input');
    const dimensions = count(body, 'dimensions') ?? DIMENSIONS;
    const format = body.encoding_format ?? 'float';
    if (format !== 'float' && format !== 'base64') throw invalid('encoding_format', 'must be float or base64', format);
    const tokens = inputs.reduce((sum, input) => sum + tokensOf(input), 0);
    return {
      model,
      prompt: inputs.map((input) => input.text).join('\n'),
      promptTokens: tokens,
      stream: false,
      maxTokens: 1,
      stop: [],
      ignoreEos: true,
      seed: undefined,
      encode: () => ({
        whole(writtenAt) {
          const data = inputs.map((input, index) => {
            const vector = vectorOf(input.text, dimensions);
            const embedding = format === 'float' ? [...vector] : Buffer.from(vector.buffer).toString('base64');
            return { object: 'embedding', index, embedding };
          });
          const usage = { prompt_tokens: tokens, total_tokens: tokens };
          return JSON.stringify({ object: 'list', data, model, usage, written_at: Number(writtenAt) });
        },
      }),
    };
  },
};

function tokensOf(input: PlainPrompt): number {
  return input.tokens ?? promptOf(input.text).tokens;
}

/** Unit vector in a direction that depends on the text only. */
function vectorOf(input: string, dimensions: number): Float32Array {
  const random = randomSource(combineSeeds(input));
  const vector = Float32Array.from({ length: dimensions }, () => 2 * random() - 1);
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}
