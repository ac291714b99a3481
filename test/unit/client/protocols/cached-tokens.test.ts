import assert from 'node:assert/strict';
import { strikeWrongCounts } from '../../../../engine/client/believed-counts.js';
import { openExchange } from '../../../../engine/client/exchange.js';
import { PROTOCOLS, type ProtocolName } from '../../../../engine/client/protocols/index.js';
import { ServerHabits } from '../../../../engine/client/server-habits.js';

/** Cached tokens of an answer in one piece, or of events. */
function cachedOf(name: ProtocolName, bodies: readonly object[], streamed = false): number | undefined {
  const exchange = openExchange('a', 'm', 0, streamed);
  for (const body of bodies) PROTOCOLS[name].decode({ data: JSON.stringify(body) }, 1, exchange);
  strikeWrongCounts(exchange, new ServerHabits());
  return exchange.usage?.cachedTokens;
}

describe('the cached tokens of an answer', () => {
  it('are read in every API that reports them', () => {
    const choices = [{ index: 0, message: { content: 'hi' }, finish_reason: 'stop' }];
    const openai = { prompt_tokens: 100, completion_tokens: 1, prompt_tokens_details: { cached_tokens: 64 } };
    assert.equal(cachedOf('chat', [{ choices, usage: openai }]), 64);
    const usage = { input_tokens: 100, output_tokens: 1, input_tokens_details: { cached_tokens: 32 } };
    const output = [{ type: 'message', content: [{ type: 'output_text', text: 'hi' }] }];
    assert.equal(cachedOf('responses', [{ status: 'completed', output, usage }]), 32);
    const parts = { input_tokens: 10, cache_creation_input_tokens: 20, cache_read_input_tokens: 70, output_tokens: 1 };
    const content = [{ type: 'text', text: 'hi' }];
    assert.equal(cachedOf('anthropic', [{ content, stop_reason: 'end_turn', usage: parts }]), 70);
    const gemini = { promptTokenCount: 100, candidatesTokenCount: 1, cachedContentTokenCount: 50 };
    const candidates = [{ content: { parts: [{ text: 'hi' }] }, finishReason: 'STOP' }];
    assert.equal(cachedOf('gemini', [{ candidates, usageMetadata: gemini }]), 50);
  });

  it('stay where the end of a stream does not repeat them', () => {
    const start = { input_tokens: 10, cache_read_input_tokens: 70, output_tokens: 1 };
    const events = [
      { type: 'message_start', message: { usage: start } },
      { type: 'content_block_delta', index: 0, delta: { text: 'hi' } },
      {
        type: 'message_delta',
        delta: { stop_reason: 'end_turn' },
        usage: { output_tokens: 1, cache_read_input_tokens: 0 },
      },
    ];
    assert.equal(cachedOf('anthropic', events, true), 70);
  });

  it('are unknown where none are reported, or more than the prompt has', () => {
    const choices = [{ index: 0, message: { content: 'hi' }, finish_reason: 'stop' }];
    assert.equal(cachedOf('chat', [{ choices, usage: { prompt_tokens: 5, completion_tokens: 1 } }]), undefined);
    const wrong = { prompt_tokens: 5, completion_tokens: 1, prompt_tokens_details: { cached_tokens: 6 } };
    assert.equal(cachedOf('chat', [{ choices, usage: wrong }]), undefined);
  });
});
