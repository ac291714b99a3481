import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { strikeWrongCounts } from '../../../engine/client/believed-counts.js';
import { openExchange } from '../../../engine/client/exchange.js';
import { anthropicProtocol } from '../../../engine/client/protocols/anthropic.js';
import { chatProtocol } from '../../../engine/client/protocols/chat.js';
import { completeProtocol } from '../../../engine/client/protocols/complete.js';
import { type AnyRequest, framingOf, type Protocol } from '../../../engine/client/protocols/protocol.js';
import { responsesProtocol } from '../../../engine/client/protocols/responses.js';
import { eachGap, figuresOf, tokensCarried } from '../../../engine/client/request-figures.js';
import { ServerHabits } from '../../../engine/client/server-habits.js';
import { shareTokens } from '../../../engine/client/share-tokens.js';
import { feed } from '../../support/feed.js';

const FOLDER = new URL('../../../../test/unit/client/transcripts/vllm-0.24.0/', import.meta.url);

/** Protocol of the transcript. */
type Read = Pick<Protocol<AnyRequest>, 'stream' | 'decode'>;

/** Time of the server per token, in milliseconds. */
const STEP = 20;

/**
 * Replays a real server's recorded answer with the given tokens. Each event comes when the last of its tokens was made,
 * and one without a token together with the event before it.
 */
function replay(protocol: Read, file: string, tokens: readonly number[]) {
  const exchange = openExchange('test', 'm', 0);
  const body = framingOf(protocol, exchange).open({
    onEvent: (event, at) => protocol.decode(event, at, exchange),
    onTooLong: () => assert.fail('nothing is too long'),
  });
  const events = readFileSync(new URL(`${file}.sse`, FOLDER), 'utf8').split(/(?<=\n\n)/);
  let made = 0;
  for (const [index, event] of events.entries()) {
    made += tokens[index] ?? 0;
    feed(body, Buffer.from(event), 100 + made * STEP);
  }
  body.end();
  exchange.done = true;
  const habits = new ServerHabits();
  strikeWrongCounts(exchange, habits);
  shareTokens(exchange, habits);
  return exchange;
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
    it(`has the pace at which its tokens were made: ${file}`, () => {
      const exchange = replay(protocol, file, tokens);
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
