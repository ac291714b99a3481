import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Exchange, openExchange, recordOutput } from '../../../engine/client/exchange.js';
import { eachGap, figuresOf, isOnePiece, tokensCarried } from '../../../engine/client/request-figures.js';
import { ServerHabits } from '../../../engine/client/server-habits.js';
import { shareTokens } from '../../../engine/client/share-tokens.js';

/** An exchange by milliseconds before each event, and tokens in it. */
function answer(sentAt: number, waits: readonly number[], tokens: readonly number[]): Exchange {
  const exchange = openExchange('chat', 'm', sentAt);
  let at = sentAt;
  for (const [i, wait] of waits.entries()) {
    at += wait;
    recordOutput(exchange, at, tokens[i] ?? 0, 'text');
  }
  return exchange;
}

function gapsOf(exchange: Exchange): readonly (readonly [gap: number, tokens: number])[] {
  const gaps: [number, number][] = [];
  eachGap(exchange, (gap, tokens) => gaps.push([gap, tokens]));
  return gaps;
}

const close = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-6, `${actual} ≠ ${expected}`);

const anyAnswer = fc
  .tuple(
    fc.double({ min: 0, max: 1e6, noNaN: true }),
    fc.array(fc.double({ min: 0, max: 1e5, noNaN: true }), { minLength: 1, maxLength: 20 }),
    fc.array(fc.nat(5), { minLength: 20, maxLength: 20 }),
  )
  .map(([sentAt, waits, tokens]) => answer(sentAt, waits, tokens));

describe('the figures of an answer', () => {
  it('are those of its instants', () => {
    const exchange = openExchange('chat', 'm', 90);
    exchange.sentAt = 100;
    exchange.firstChunkAt = 130;
    recordOutput(exchange, 150, 1, 'reasoning');
    recordOutput(exchange, 170, 2, 'text');
    recordOutput(exchange, 210, 1, 'text');
    exchange.usage = { inputTokens: 9, outputTokens: 5 };
    assert.deepEqual(figuresOf(exchange), {
      ttft: 50,
      ttftChunk: 30,
      ttftAnswer: 70,
      ttftScheduled: 60,
      tpot: 20,
      tpotChunk: 20,
      e2e: 110,
      e2eScheduled: 120,
      queue: 10,
      inputTokens: 9,
      outputTokens: 5,
      tokensPerSecond: 50,
    });
  });

  it('are unknown where nothing came', () => {
    assert.deepEqual(figuresOf(openExchange('chat', 'm', 100)), {
      ttft: undefined,
      ttftChunk: undefined,
      ttftAnswer: undefined,
      ttftScheduled: undefined,
      tpot: undefined,
      tpotChunk: undefined,
      e2e: undefined,
      e2eScheduled: undefined,
      queue: 0,
      inputTokens: undefined,
      outputTokens: 0,
      tokensPerSecond: undefined,
    });
  });

  const tpots: readonly [string, readonly number[], readonly number[], number | undefined][] = [
    ['one event', [50], [1], undefined],
    ['one event of many tokens', [50], [9], undefined],
    ['later events without a token', [50, 10], [1, 0], undefined],
    ['one token an event', [50, 10, 20], [1, 1, 1], 15],
    ['many tokens in the first event', [50, 10, 20], [9, 1, 1], 15],
    ['many tokens in a later event', [50, 10, 20], [1, 1, 5], 5],
    ['no token in the first event', [50, 10, 20], [0, 1, 1], 15],
    ['events that all came at once', [50, 0], [1, 1], undefined],
    ['events of which most came at once', [50, 0, 0, 0, 0, 10, 10, 10], [1, 1, 1, 1, 1, 1, 1, 1], undefined],
    ['a first read of two events', [50, 0, 10, 20], [1, 1, 1, 1], 10],
    ['a first read that was held back', [50, 0, 0, 0, 10, 20, 10, 20, 10, 20], [1, 1, 1, 1, 1, 1, 1, 1, 1, 1], 15],
    ['later reads of several events', [50, 10, 0, 0, 20], [1, 1, 1, 1, 1], 7.5],
  ];
  for (const [what, waits, tokens, tpot] of tpots) {
    it(`have a tpot of ${tpot} for ${what}`, () => {
      const figures = figuresOf(answer(7, waits, tokens));
      assert.equal(figures.tpot, tpot);
      assert.equal(figures.tokensPerSecond, tpot ? 1000 / tpot : undefined);
    });
  }

  it('count the tokens of the events where the server tells none', () => {
    assert.equal(figuresOf(answer(0, [1, 1, 1], [2, 0, 3])).outputTokens, 5);
  });

  it('hold together: e2e = ttft + tpot × (n − n₁)', () => {
    fc.assert(
      fc.property(anyAnswer, fc.option(fc.nat(500)), (exchange, outputTokens) => {
        if (outputTokens !== null) exchange.usage = { inputTokens: 1, outputTokens };
        shareTokens(exchange, new ServerHabits());
        const { ttft, tpot, e2e } = figuresOf(exchange);
        const { all, first } = tokensCarried(exchange);
        const later = all - first;
        assert.equal(tpot === undefined, later === 0 || isOnePiece(exchange));
        if (tpot !== undefined) close(e2e!, ttft! + tpot * later);
      }),
    );
  });
});

describe('the gaps of an answer', () => {
  const table: readonly [string, readonly number[], readonly number[], readonly (readonly [number, number])[]][] = [
    [
      'stand between each event and the next, with the tokens of the later',
      [50, 10, 20],
      [9, 1, 4],
      [
        [10, 1],
        [20, 4],
      ],
    ],
    [
      'pass over events without a token, which give their wait to the next',
      [50, 10, 20, 5, 7],
      [1, 0, 0, 2, 0],
      [[35, 2]],
    ],
    ['begin with the first event, even without a token', [50, 10], [0, 1], [[10, 1]]],
    [
      'are those of reads, with the tokens of all their events',
      [50, 0, 10, 0, 20],
      [1, 1, 1, 2, 1],
      [
        [10, 4],
        [20, 1],
      ],
    ],
    ['are none for one event', [50], [3], []],
    ['are none for no event', [], [], []],
  ];
  for (const [what, waits, tokens, gaps] of table) {
    it(what, () => assert.deepEqual(gapsOf(answer(0, waits, tokens)), gaps));
  }

  it('add up to the time from the first to the last event that carried a token', () => {
    fc.assert(
      fc.property(anyAnswer, (exchange) => {
        const { chunkAt, chunkTokens } = exchange;
        fc.pre(!isOnePiece(exchange));
        const last = Math.max(
          0,
          chunkTokens.findLastIndex((tokens) => tokens > 0),
        );
        close(
          gapsOf(exchange).reduce((sum, [gap]) => sum + gap, 0),
          chunkAt[last]! - chunkAt[0]!,
        );
      }),
    );
  });

  it('make up tpot: all gaps together over all tokens after the first event', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1000), { minLength: 2 }), fc.integer({ min: 1, max: 5 }), (waits, most) => {
        const exchange = answer(
          0,
          waits,
          waits.map((wait) => 1 + (wait % most)),
        );
        fc.pre(!isOnePiece(exchange));
        const gaps = gapsOf(exchange);
        const [time, tokens] = gaps.reduce(([ms, n], [gap, more]) => [ms + gap, n + more], [0, 0]);
        close(figuresOf(exchange).tpot!, time / tokens);
      }),
    );
  });
});
