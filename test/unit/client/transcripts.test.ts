import assert from 'node:assert/strict';
import { anthropicProtocol } from '../../../engine/client/protocols/anthropic.js';
import { chatProtocol } from '../../../engine/client/protocols/chat.js';
import { completeProtocol } from '../../../engine/client/protocols/complete.js';
import { responsesProtocol } from '../../../engine/client/protocols/responses.js';
import { eachGap, figuresOf, tokensCarried } from '../../../engine/client/request-figures.js';
import { replay } from '../../support/replay.js';

/** Protocol of the transcript. */
type Read = Parameters<typeof replay>[0];

/** Time of the server per token, in milliseconds. */
const STEP = 20;

/**
 * Recorded answer, told again. Each event comes when the last of its tokens was made, and one without a token together
 * with the event before it.
 */
function replayAtPace(protocol: Read, file: string, tokens: readonly number[]) {
  let made = 0;
  return replay(protocol, `vllm-0.24.0/${file}.sse`, (event) => {
    made += tokens[event] ?? 0;
    return 100 + made * STEP;
  });
}

const ones = (events: number) => Array.from({ length: events }, () => 1);

/** Transcripts and the tokens of their events, from the ids of tokens. */
const table: readonly (readonly [Read, string, readonly number[]])[] = [
  [chatProtocol, 'chat', [0, ...ones(12)]],
  [chatProtocol, 'chat-eos', [0, 1, 1, 1, 1]],
  [chatProtocol, 'chat-token-ids', [0, ...ones(12)]],
  [chatProtocol, 'chat-logprobs', [0, ...ones(12)]],
  [chatProtocol, 'chat-interval-4', [0, 1, 4, 4, 3]],
  [chatProtocol, 'chat-continuous-interval-4', [0, 1, 4, 4, 3]],
  [completeProtocol, 'completions-interval-4', [1, 4, 4, 3]],
  [anthropicProtocol, 'messages-interval-4', [0, 0, 1, 4, 4, 3]],
  [responsesProtocol, 'responses-interval-4', [0, 0, 0, 0, 1, 4, 4, 3]],
  [chatProtocol, 'chat-eos-ngram', [0, ...ones(12)]],
];

describe('an answer of vLLM 0.24', () => {
  for (const [protocol, file, tokens] of table) {
    it(`has the pace of its token ids: ${file}`, () => {
      const exchange = replayAtPace(protocol, file, tokens);
      assert.equal(exchange.failure, undefined);
      assert.equal(exchange.doubt, undefined);
      const { tpot = 0, outputTokens } = figuresOf(exchange);
      assert.equal(
        outputTokens,
        tokens.reduce((sum, each) => sum + each),
      );
      assert.ok(Math.abs(tpot / STEP - 1) < 0.005, `TPOT is ${tpot}, of ${tokensCarried(exchange).all} tokens`);
      eachGap(exchange, (gap, carried) => assert.ok(Math.abs(gap / carried / STEP - 1) < 0.005, `${gap} / ${carried}`));
    });
  }
});
