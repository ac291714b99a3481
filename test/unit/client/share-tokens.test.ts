import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  type Exchange,
  type OutputKind,
  openExchange,
  recordFinish,
  recordOutput,
} from '../../../engine/client/exchange.js';
import { ServerHabits } from '../../../engine/client/server-habits.js';
import { shareTokens } from '../../../engine/client/share-tokens.js';

/** Answer whose tokens are distributed over its events. */
interface Given {
  /** Characters of each event, which come 10 ms apart. */
  readonly sizes: readonly number[];
  readonly outputTokens?: number;
  readonly reason?: string;
  /** Milliseconds from the last event to the end; default 0. */
  readonly endsAfter?: number;
  readonly kind?: OutputKind;
  readonly silentSteps?: readonly number[];
  readonly reasoningTokens?: number;
  readonly counted?: number;
  /** First chunk, before the first event; default none. */
  readonly firstChunkAt?: number;
}

function answerOf({ sizes, outputTokens, reason, endsAfter = 0, kind = 'text', ...more }: Given): Exchange {
  const exchange = openExchange('chat', 'm', 0);
  for (const [i, size] of sizes.entries()) {
    recordOutput(exchange, 10 * i, 1, kind, 'x'.repeat(size));
    exchange.text += 'x'.repeat(size);
  }
  exchange.silentSteps.push(...(more.silentSteps ?? []));
  exchange.counted = more.counted;
  exchange.firstChunkAt = more.firstChunkAt;
  const { reasoningTokens } = more;
  if (outputTokens !== undefined) {
    exchange.usage = { inputTokens: 1, outputTokens, ...(reasoningTokens && { reasoningTokens }) };
  }
  if (reason) recordFinish(exchange, reason, 10 * (sizes.length - 1) + endsAfter);
  return exchange;
}

/** Tokens of each event after the distribution. */
function share(given: Given, habits = new ServerHabits()): readonly number[] {
  const exchange = answerOf(given);
  shareTokens(exchange, habits);
  return exchange.chunkTokens;
}

const sum = (tokens: readonly number[]) => tokens.reduce((total, one) => total + one, 0);
const alike = (events: number, size = 4) => Array.from({ length: events }, () => size);

describe('a tool call after other output', () => {
  const called = (kinds: readonly OutputKind[], outputTokens: number, habits = new ServerHabits()) => {
    const exchange = openExchange('chat', 'm', 0);
    for (const kind of kinds) {
      recordOutput(exchange, 10 * exchange.chunkAt.length, 1, kind, 'xxxx');
      if (kind !== 'tool') exchange.text += 'xxxx';
    }
    exchange.usage = { inputTokens: 1, outputTokens };
    recordFinish(exchange, 'tool_calls', 10 * (kinds.length - 1));
    shareTokens(exchange, habits);
    return exchange.chunkTokens;
  };
  const thought = ['reasoning', 'reasoning', 'text', 'tool'] as const;

  it('has the tokens that were held back, where it comes whole', () => {
    assert.deepEqual(called(thought, 13), [1, 1, 1, 10]);
    assert.deepEqual(called(thought, 4), [1, 1, 1, 1]);
  });

  it("has them in its first event, where the server's other answers say what an event has", () => {
    const habits = new ServerHabits();
    habits.recordShare(1, 20, 20);
    assert.deepEqual(called([...thought, 'tool'], 14, habits), [1, 1, 1, 10, 1]);
    assert.equal(called([...thought, 'tool'], 14)[3], 2, 'even where nothing is known');
  });
});

describe("the server's token count, shared out over the events", () => {
  const stop = { reason: 'stop', endsAfter: 10 };
  const table: readonly [string, Given, readonly number[]][] = [
    ['as many as events', { sizes: alike(4), outputTokens: 4, ...stop }, [1, 1, 1, 1]],
    ['one more, for an end that took a step', { sizes: alike(4), outputTokens: 5, ...stop }, [1, 1, 1, 1]],
    ['one more, for an end that took none', { sizes: alike(4), outputTokens: 5, reason: 'stop' }, [1, 2, 1, 1]],
    ['one more, but cut by length', { sizes: alike(4), outputTokens: 5, reason: 'length' }, [1, 2, 1, 1]],
    ['one more, for a reason unknown', { sizes: alike(4), outputTokens: 5 }, [1, 2, 1, 1]],
    ['four an event after the first', { sizes: [3, 16, 16, 12], outputTokens: 12, reason: 'length' }, [1, 4, 4, 3]],
    ['four an event, the first as well', { sizes: alike(3, 16), outputTokens: 12, reason: 'length' }, [4, 4, 4]],
    ['fewer than events', { sizes: alike(5), outputTokens: 3, ...stop }, [1, 1, 0, 1, 0]],
    ['a single one for several events', { sizes: alike(3), outputTokens: 1, ...stop }, [1, 0, 0]],
    ['steps that showed nothing', { sizes: alike(3), outputTokens: 6, silentSteps: [0, 0, 1] }, [3, 2, 1]],
    ['no steps, by the count', { sizes: alike(3), outputTokens: 3, silentSteps: [0, 0, 1] }, [1, 1, 1]],
    ['a held-back start of a tool call', { sizes: alike(5), outputTokens: 24, kind: 'tool' }, [20, 1, 1, 1, 1]],
    [
      'its held-back end as well',
      { sizes: alike(5), outputTokens: 24, kind: 'tool', reason: 'tool_calls', endsAfter: 40 },
      [16, 1, 1, 1, 1],
    ],
    ['unknown', { sizes: alike(3), ...stop }, [1, 1, 1]],
    ['unknown, but counted by the tokenizer', { sizes: alike(3), counted: 5, ...stop }, [1, 2, 2]],
    ['known, but no event', { sizes: [], outputTokens: 7 }, []],
    ['hidden reasoning among it', { sizes: alike(4), outputTokens: 20, reasoningTokens: 16 }, [1, 1, 1, 1]],
  ];
  for (const [what, given, expected] of table) {
    it(what, () => assert.deepEqual(share(given), expected));
  }

  it('is in the events that brought reasoning, where they show it', () => {
    const exchange = answerOf({ sizes: alike(4), outputTokens: 20, reasoningTokens: 16, reason: 'length' });
    exchange.reasoning = 'hm';
    shareTokens(exchange, new ServerHabits());
    assert.equal(sum(exchange.chunkTokens), 20);
  });

  it('learns from other answers that ends are not counted', () => {
    const habits = new ServerHabits();
    share({ sizes: alike(5), outputTokens: 5, ...stop }, habits);
    assert.equal(sum(share({ sizes: alike(4), outputTokens: 6, ...stop }, habits)), 6);
  });

  it('estimates an uncounted answer from other answers', () => {
    const habits = new ServerHabits();
    share({ sizes: alike(20, 40), outputTokens: 200, reason: 'length' }, habits);
    assert.equal(sum(share({ sizes: alike(7, 40) }, habits)), 61);
  });

  it('keeps the counts of events', () => {
    const exchange = answerOf({ sizes: alike(4), outputTokens: 9, ...stop });
    exchange.chunkTokens.splice(0, 4, 1, 3, 0, 2);
    Object.assign(exchange, { countedEvents: 4, countedTokens: 6 });
    shareTokens(exchange, new ServerHabits());
    assert.deepEqual(exchange.chunkTokens, [1, 3, 0, 2]);
  });

  const counts = fc.tuple(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 1000 }));

  it('always adds up to the count, less the end where that took a step', () => {
    fc.assert(
      fc.property(counts, fc.constantFrom('stop', 'length', undefined), ([events, tokens], reason) => {
        const hasEnd = reason === 'stop' && tokens > events;
        const given = { sizes: alike(events), outputTokens: tokens, endsAfter: 10, ...(reason && { reason }) };
        assert.equal(sum(share(given)), hasEnd ? tokens - 1 : tokens);
      }),
    );
  });

  it('is spread evenly, in whole tokens, after the first event', () => {
    fc.assert(
      fc.property(counts, ([events, tokens]) => {
        const shared = share({ sizes: alike(events), outputTokens: tokens, reason: 'length' });
        const later = shared.slice(1);
        assert.equal(shared.length, events);
        assert.ok(Math.max(0, ...later) - Math.min(...later, later.length > 0 ? Number.POSITIVE_INFINITY : 0) <= 1);
        assert.ok(shared.every(Number.isInteger));
        assert.ok((shared[0] ?? 0) >= 1);
      }),
    );
  });
});

describe('markup that opens reasoning', () => {
  const thought = (outputTokens: number, firstChunkAt?: number, kind: OutputKind = 'reasoning') =>
    share({
      sizes: alike(17),
      outputTokens,
      kind,
      reason: 'length',
      ...(firstChunkAt !== undefined && { firstChunkAt }),
    });

  it('belongs to the first event, which comes steps after the first chunk', () => {
    assert.deepEqual([thought(18, -10)[0], sum(thought(18, -10))], [2, 18]);
    assert.deepEqual([thought(19, -10)[0], sum(thought(19, -10))], [2, 19]);
    assert.deepEqual([thought(19, -20)[0], sum(thought(19, -20))], [3, 19]);
  });

  it('is none where the first chunk came with it, long before it, or not at all, and none before text', () => {
    for (const firstChunkAt of [0, -2, -80, undefined]) assert.equal(thought(19, firstChunkAt)[0], 1);
    assert.equal(thought(19, -10, 'text')[0], 1);
    assert.equal(thought(17, -10)[0], 1);
  });
});
