import assert from 'node:assert/strict';
import { isContextOverflow } from '../../../engine/client/context-overflow.js';

describe('a prompt that is longer than the context', () => {
  for (const said of [
    "HTTP 400: This model's maximum context length is 32768 tokens. However, your request has 40000 input tokens.",
    'HTTP 400: The decoder prompt (length 40000) is longer than the maximum model length of 32768.',
    "HTTP 400: The input (9000 tokens) is longer than the model's context length (8192 tokens).",
    'HTTP 400: context_length_exceeded',
    'prompt is too long: 210000 tokens > 200000 maximum',
    'HTTP 400: the request exceeds the available context size. try increasing the context size',
    'HTTP 422: Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 5000',
    'HTTP 422: Input validation error: `inputs` must have less than 4095 tokens. Given: 5000',
    'HTTP 400: The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).',
    'HTTP 400: Your input exceeds the context window of this model.',
  ]) {
    it(`is known by: ${said}`, () => assert.ok(isContextOverflow(said)));
  }

  for (const said of [
    'HTTP 429: Rate limit reached for gpt-x in organization on tokens per minute (TPM): limit 30000, requested 40000',
    'HTTP 400: max_tokens is too large: 5000. This model supports at most 4096 completion tokens',
    "HTTP 400: Unsupported parameter: 'max_tokens' is not supported with this model",
    'HTTP 413: Request Entity Too Large',
    'HTTP 500: Internal Server Error',
    'no response in time',
  ]) {
    it(`is not: ${said}`, () => assert.ok(!isContextOverflow(said)));
  }
});
