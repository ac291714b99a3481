import assert from 'node:assert/strict';
import { every, systemClock } from '../../engine/clock.js';
import { createSimulator, type Simulator } from '../../engine/simulator/index.js';
import { contentOf, eventsOf, post, QUESTION } from '../unit/simulator/chat.js';

const TTFT = 40;
const ITL = 15;
const TOKENS = 40;

describe('the known truth of fixed mode', () => {
  let simulator: Simulator;

  before(async () => {
    simulator = await createSimulator();
  });

  after(() => simulator.close());

  /** Sends a request and derives its arrival from the tokens' instants. */
  async function ask() {
    const sentAt = systemClock.now();
    const model = `sim-ttft${TTFT}-itl${ITL}-len${TOKENS}`;
    const { headersAt, text } = await post(simulator.url, { model, messages: QUESTION, stream: true });
    const written = contentOf(eventsOf(text)).map((event) => event.written_at);
    assert.equal(written.length, TOKENS);
    /** Arrival implied by each token, had it been written on time. */
    const arrivals = written.map((at, i) => at - TTFT - i * ITL);
    return { sentAt, headersAt, arrivals, arrivedAt: Math.min(...arrivals) };
  }

  for (const streams of [1, 50]) {
    it(`holds at ${streams} ${streams === 1 ? 'stream' : 'streams'}, to the end and without drift`, async () => {
      // A bare timer beside them tells what the machine makes late by itself.
      const floor: number[] = [];
      const stop = every(systemClock, ITL, (late) => floor.push(late));
      const answers = await Promise.all(Array.from({ length: streams }, ask));
      stop();
      const allowed = 3 + 2 * median(floor);
      const assertSmall = (lateness: readonly number[]) =>
        assert.ok(median(lateness) < allowed, `late by ${median(lateness)} ms, ${allowed} ms allowed`);
      // No token may come early. How late a single one comes is also the machine's affair: the middle is held to account.
      assert.ok(answers.every(({ sentAt, arrivedAt }) => arrivedAt >= sentAt));
      assertSmall(answers.map(({ headersAt, arrivedAt }) => arrivedAt - headersAt));
      assertSmall(answers.flatMap(({ arrivals, arrivedAt }) => arrivals.map((at) => at - arrivedAt)));
      assertSmall(answers.flatMap(({ arrivals, arrivedAt }) => arrivals.slice(-5).map((at) => at - arrivedAt)));
    });
  }
});

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
