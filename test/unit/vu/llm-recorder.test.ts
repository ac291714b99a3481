import assert from 'node:assert/strict';
import fc from 'fast-check';
import { openExchange, recordOutput } from '../../../engine/client/exchange.js';
import { figuresOf, isOnePiece } from '../../../engine/client/request-figures.js';
import { Recorder } from '../../../engine/metrics/recorder.js';
import { LlmRecorder } from '../../../engine/vu/llm-recorder.js';

/** Live and total gaps of an answer that comes event by event. */
function gapsOf(waits: readonly number[], tokens: readonly number[]) {
  const recorder = new Recorder(0, 0, { from: 0, to: 1e6 });
  const llm = new LlmRecorder(recorder);
  const exchange = openExchange('chat', 'm', 0);
  const pending = llm.begin({ name: 'chat' }, 0);
  let at = 50;
  for (const [index, wait] of waits.entries()) {
    at += wait;
    recordOutput(exchange, at, tokens[index] ?? 1, 'text');
    pending.onOutput(exchange, index);
  }
  exchange.done = true;
  exchange.endedAt = at;
  llm.end(pending, exchange);
  llm.settle(pending, exchange, figuresOf(exchange), undefined);
  const live = recorder.live.latencies.itl.toDelta();
  return {
    live,
    isOnePiece: isOnePiece(exchange),
    total: recorder.trend('llm_itl', { name: 'chat' }, 'steady').histogram.toDelta(),
  };
}

describe('the gaps of an answer as it comes', () => {
  it('go on over an event without a token', () => {
    const { live } = gapsOf([0, 10, 10, 30], [1, 0, 1, 2]);
    assert.deepEqual([live.count, live.min, live.max, live.sum], [3, 15, 20, 50]);
  });

  it('are those of the totals, whatever tokens its events carry', () => {
    const event = fc.record({ wait: fc.nat(100), tokens: fc.nat(3) });
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 20 }), (events) => {
        const {
          live,
          total,
          isOnePiece: isUnknown,
        } = gapsOf(
          events.map(({ wait }) => wait),
          events.map(({ tokens }) => tokens),
        );
        fc.pre(!isUnknown);
        assert.deepEqual(live, total);
      }),
      { numRuns: 30 },
    );
  });
});

describe('the characters of an answer', () => {
  /** Records an answer of 100 characters with events at these instants. The run's steady state is 10 to 20 ms. */
  function charactersAt(instants: readonly number[], endedAt: number) {
    const recorder = new Recorder(0, 1000, { from: 10, to: 20 });
    const llm = new LlmRecorder(recorder);
    const exchange = openExchange('chat', 'm', 1000);
    const pending = llm.begin({}, 1000);
    for (const at of instants) recordOutput(exchange, 1000 + at, 1, 'text');
    exchange.text = '好'.repeat(60);
    exchange.reasoning = 'x'.repeat(30);
    exchange.toolCalls.push({ key: 0, id: 'a', name: 'find', arguments: '{"a": 123}' });
    exchange.endedAt = 1000 + endedAt;
    llm.end(pending, exchange);
    const of = (phase: 'steady' | 'outside') => recorder.counter('flow_output_characters', {}, phase).sum;
    return [of('steady'), of('outside')];
  }

  it('are text, reasoning and arguments, and belong to the steady state by the share of its events', () => {
    assert.deepEqual(charactersAt([5, 10, 15, 19.9, 20], 25), [60, 40]);
    assert.deepEqual(charactersAt([12, 13], 14), [100, 0]);
    assert.deepEqual(charactersAt([1, 9, 25, 30], 30), [0, 100]);
  });

  it('come when the answer ends, where it comes in one piece', () => {
    assert.deepEqual(charactersAt([], 15), [100, 0]);
    assert.deepEqual(charactersAt([], 25), [0, 100]);
  });
});
