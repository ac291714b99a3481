import assert from 'node:assert/strict';
import fc from 'fast-check';
import { noteOutput, openExchange, type Usage } from '../../../engine/client/exchange.js';
import { shareTokens } from '../../../engine/client/request-figures.js';

/** What the events carried once the server's count was shared out. */
function share(counted: readonly number[], outputTokens: number | undefined, finishReason?: string): readonly number[] {
  const exchange = openExchange('chat', 'm', 0);
  for (const [i, tokens] of counted.entries()) noteOutput(exchange, i, tokens, 'text');
  if (outputTokens !== undefined) exchange.usage = { inputTokens: 1, outputTokens } satisfies Usage;
  exchange.finishReason = finishReason;
  shareTokens(exchange);
  return exchange.chunkTokens;
}

const ones = (events: number) => Array.from({ length: events }, () => 1);
const sum = (tokens: readonly number[]) => tokens.reduce((total, one) => total + one, 0);

describe("the server's token count, shared out over the events", () => {
  const table: readonly [string, readonly number[], number | undefined, string | undefined, readonly number[]][] = [
    ['as many as events', ones(4), 4, 'stop', [1, 1, 1, 1]],
    ['one more, which is the end-of-sequence token', ones(4), 5, 'stop', [1, 1, 1, 1]],
    ['one more, but cut by length', ones(4), 5, 'length', [2, 1, 1, 1]],
    ['one more, for a reason unknown', ones(4), 5, undefined, [2, 1, 1, 1]],
    ['two an event and the end', ones(4), 9, 'stop', [2, 2, 2, 2]],
    ['two an event, cut by length', ones(4), 8, 'length', [2, 2, 2, 2]],
    ['two an event, the end among them', ones(4), 8, 'stop', [2, 2, 2, 1]],
    ['a remainder, as evenly as can be', ones(4), 6, 'length', [2, 1, 2, 1]],
    ['fewer than events', ones(5), 3, 'stop', [1, 1, 0, 1, 0]],
    ['a single one for several events', ones(3), 1, 'stop', [1, 0, 0]],
    ['none at all, which cannot be', ones(3), 0, 'stop', [1, 0, 0]],
    ['told continuously', [1, 3, 0, 2], 6, 'length', [1, 3, 0, 2]],
    ['told continuously, the end not among them', [1, 3, 0, 2], 7, 'stop', [1, 3, 0, 2]],
    ['told continuously, the end with the last event', [1, 3, 0, 3], 7, 'stop', [1, 3, 0, 3]],
    ['unknown', [1, 1, 1], undefined, 'stop', [1, 1, 1]],
    ['known, but no event', [], 7, 'stop', []],
  ];
  for (const [what, counted, usage, reason, expected] of table) {
    it(what, () => assert.deepEqual(share(counted, usage, reason), expected));
  }

  const secret: readonly [string, string, readonly number[]][] = [
    ['is in no event where none brought reasoning', '', [1, 1, 1, 1]],
    ['is in the events that brought it', 'hm', [5, 5, 5, 4]],
  ];
  for (const [what, reasoning, expected] of secret) {
    it(`reasoning that the server counts ${what}`, () => {
      const exchange = openExchange('chat', 'm', 0);
      for (const at of [1, 2, 3, 4]) noteOutput(exchange, at, 1, 'text');
      exchange.reasoning = reasoning;
      exchange.usage = { inputTokens: 1, outputTokens: 20, reasoningTokens: 15 };
      exchange.finishReason = 'stop';
      shareTokens(exchange);
      assert.deepEqual(exchange.chunkTokens, expected);
    });
  }

  it('two hundred tokens over a hundred events lose the end of sequence and no more', () => {
    assert.equal(sum(share(ones(100), 200, 'stop')), 199);
    assert.equal(sum(share(ones(100), 200, 'length')), 200);
  });

  const counts = fc.tuple(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 0, max: 1000 }));

  it('always adds up to the count, less the end of sequence where there is one', () => {
    fc.assert(
      fc.property(counts, fc.constantFrom('stop', 'length', undefined), ([events, tokens], reason) => {
        const hasEnd = reason === 'stop' && tokens > events;
        assert.equal(sum(share(ones(events), tokens, reason)), Math.max(1, hasEnd ? tokens - 1 : tokens));
      }),
    );
  });

  it('is always even: no two events differ by more than one, and the first has its part', () => {
    fc.assert(
      fc.property(counts, ([events, tokens]) => {
        const shared = share(ones(events), tokens, 'length');
        assert.equal(shared.length, events);
        assert.ok(Math.max(...shared) - Math.min(...shared) <= 1);
        assert.ok(shared.every(Number.isInteger));
        assert.equal(shared[0], Math.max(...shared));
      }),
    );
  });
});
