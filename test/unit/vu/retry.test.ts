import assert from 'node:assert/strict';
import type { Failure } from '../../../engine/client/exchange.js';
import { withRetries } from '../../../engine/vu/retry.js';
import { FakeClock } from '../../support/fake-clock.js';

const BUSY: Failure = { kind: 'http_status', message: 'HTTP 429', status: 429 };
const MINUTE = 60_000;

function asking(retryAfter: number): Failure {
  return { ...BUSY, status: 503, retryAfter };
}

/** Sends to a server with these failures, one after another. `sent` has each attempt's instant and the time left to it. */
async function tried(attempts: number | undefined, total: number, ...failures: readonly (Failure | undefined)[]) {
  const clock = new FakeClock();
  const sent: (readonly [at: number, left: number])[] = [];
  const send = async (left: number) => {
    sent.push([clock.now(), left]);
    return { failure: failures[sent.length - 1], attempts: 1 };
  };
  const retry = attempts === undefined ? undefined : { attempts };
  const answer = withRetries(retry, { clock, signal: undefined, total }, send);
  answer.catch(() => undefined);
  await clock.advance(10 * MINUTE);
  return { sent, answer: await answer };
}

describe('a request that is sent again', () => {
  it('is not, unless that was asked for', async () => {
    const { sent, answer } = await tried(undefined, MINUTE, BUSY, undefined);
    assert.deepEqual(sent, [[0, MINUTE]]);
    assert.deepEqual(answer, { failure: BUSY, attempts: 1 });
  });

  it('waits for as long as the server asks', async () => {
    const { sent, answer } = await tried(3, MINUTE, asking(7000), asking(0), undefined);
    assert.deepEqual(
      sent.map(([at]) => at),
      [0, 7000, 7000],
    );
    assert.deepEqual(answer, { failure: undefined, attempts: 3 });
  });

  it('waits for one second, then twice as long each time, up to thirty, where the server does not say', async () => {
    const { sent } = await tried(8, 10 * MINUTE, ...new Array(8).fill(BUSY));
    const waits = sent.slice(1).map(([at], i) => (at - (sent[i]?.[0] ?? 0)) / 1000);
    assert.deepEqual(waits, [1, 2, 4, 8, 16, 30, 30]);
  });

  it('gives the last answer when the attempts are used up', async () => {
    const last = asking(5);
    const { sent, answer } = await tried(2, MINUTE, BUSY, last, undefined);
    assert.equal(sent.length, 2);
    assert.deepEqual(answer, { failure: last, attempts: 2 });
  });

  it('keeps to the time of the request, waits included, and begins no attempt that has none', async () => {
    const { sent, answer } = await tried(9, 10_000, asking(4000), asking(5999), asking(1), undefined);
    assert.deepEqual(sent, [
      [0, 10_000],
      [4000, 6000],
      [9999, 1],
    ]);
    assert.equal(answer.attempts, 3);
    assert.equal((await tried(9, 10_000, asking(3_600_000))).answer.attempts, 1);
  });

  it('is one for 429 and 503 only', async () => {
    for (const failure of [
      { kind: 'http_status', message: 'HTTP 500', status: 500 },
      { kind: 'connect', message: 'refused' },
      { kind: 'stream_cut', message: 'cut', status: 200 },
    ] satisfies Failure[]) {
      assert.equal((await tried(3, MINUTE, failure)).answer.attempts, 1, failure.message);
    }
  });

  it('is given up at once when the iteration is interrupted', async () => {
    const clock = new FakeClock();
    const controller = new AbortController();
    const send = async () => ({ failure: BUSY, attempts: 0 });
    const answer = withRetries({ attempts: 5 }, { clock, signal: controller.signal, total: MINUTE }, send);
    answer.catch(() => undefined);
    await clock.advance(500);
    controller.abort(new Error('the load is over'));
    await assert.rejects(answer, /the load is over/);
    assert.equal(clock.pending, 0);
  });

  it('has a number of attempts that is one', async () => {
    for (const attempts of [0, -1, 1.5, Number.NaN, 101, '3' as unknown as number]) {
      await assert.rejects(tried(attempts, MINUTE), /retry: expected \{ attempts: 1 to 100 \}, got /);
    }
  });
});
