import assert from 'node:assert/strict';
import { testFolder } from '../support/folder.js';
import { GOOD, misbehavingServers } from '../support/misbehaving-server.js';
import { runToEnd, settings } from '../support/run.js';
import { whole } from '../support/scripts.js';
import { assertWaitedEvenly, countAbove, RATE, SECONDS, STALL } from '../support/stall.js';

/** Offset of the answer's second token, which is sent apart. */
const SECOND = GOOD.indexOf('data:', GOOD.indexOf('Hello'));

/** Source of a stop of the script's thread, in milliseconds. */
const stop = (ms: number) => `{ const until = performance.now() + ${ms}; while (performance.now() < until); }`;

describe('a script that stops its thread', () => {
  const folder = testFolder();
  const start = misbehavingServers();

  /** Starts a server that takes 5 ms to each of two tokens. */
  const quickServer = () =>
    start(({ socket }) => {
      setTimeout(() => socket.write(GOOD.slice(0, SECOND)), 5);
      setTimeout(() => socket.write(GOOD.slice(SECOND)), 10);
    });

  function scenario(options: object, body: string): string {
    return folder.write(
      'stops.ts',
      `import { chat, exec, sleep } from 'tokenswarm';
       export const options = ${JSON.stringify(options)};
       export default async function () { ${body} }`,
    );
  }

  it('for two seconds hides them from latencies since sending, and not from those since the schedule', async () => {
    const { url } = await quickServer();
    const load = { executor: 'constant-arrival-rate', rate: RATE, duration: `${SECONDS}s`, preAllocatedVUs: 150 };
    const body = `if (exec.scenario.iterationInTest === ${RATE}) ${stop(STALL)} await chat({ messages: 'hi' });`;
    const file = scenario({ scenarios: { a: load } }, body);
    const summary = await runToEnd(file, settings(url, { workers: 1, preflight: false }));
    assert.equal(whole(summary, 'llm_requests').count, RATE * SECONDS, 'it catches up');
    // The machine's own lateness is in it.
    assertWaitedEvenly(summary, 'llm_ttft_scheduled', 15);
    assertWaitedEvenly(summary, 'llm_e2e_scheduled', 15);
    assert.ok(countAbove(summary, 'llm_e2e', 400) <= 5, `${countAbove(summary, 'llm_e2e', 400)} from sending`);
    const { llm_e2e: sent, llm_e2e_scheduled: due } = summary.metrics;
    assert.ok((due?.values.avg ?? 0) > (sent?.values.avg ?? 0) + 100);
    assert.ok((whole(summary, 'iteration_lateness').max ?? 0) > STALL - 200);
    assert.ok((whole(summary, 'llm_queue').max ?? 0) > STALL - 200);
    assert.equal(summary.quality.verdict, 'invalid');
    const missed = summary.quality.reasons.filter((text) => text.startsWith('the generator missed the requested rate'));
    assert.equal(missed.length, 1);
    const late = Number(/: (\d+) of 250 iterations/.exec(missed[0]!)?.[1]);
    assert.ok(late >= 80, `${late}`);
  });

  it('at its start alone is late in the whole run, and not in a steady state after a warm-up', async () => {
    const { url } = await quickServer();
    const body = `if (__ITER === 0) ${stop(60)} await chat({ messages: 'hi' }); await sleep(0.02);`;
    const file = scenario({ warmup: '1500ms', vus: 8, duration: '3s' }, body);
    const { metrics, quality } = await runToEnd(file, settings(url, { workers: 1, preflight: false }));
    const { steady, whole: all } = metrics.generator_loop_delay?.windows ?? {};
    assert.ok((all?.max ?? 0) > 60 * 4, `${all?.max} ms in the whole run`);
    assert.ok((steady?.max ?? 0) < 60 * 4, `${steady?.max} ms in the steady state`);
    const estimate = quality.inflation?.ttft ?? Number.NaN;
    assert.ok(estimate < (all?.avg ?? 0), `${estimate} ms estimated, ${steady?.avg} and ${all?.avg} ms of delay`);
  });
});
