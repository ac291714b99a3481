import assert from 'node:assert/strict';
import type { Summary } from '../../engine/index.js';
import { testFolder } from '../support/folder.js';
import { GOOD, misbehavingServers } from '../support/misbehaving-server.js';
import { isDisturbed, runToEnd, settings } from '../support/run.js';
import { whole } from '../support/scripts.js';

/** Arrivals per second, length in seconds, and a stop in milliseconds. The server or the generator stops. */
const RATE = 50;
const SECONDS = 5;
const STALL = 2000;

/** Number of a trend's values above a limit. */
function above(summary: Summary, metric: string, limit: number): number {
  const { values = [], counts = [] } = summary.metrics[metric]?.histogram ?? {};
  return values.reduce((sum, value, i) => sum + (value > limit ? (counts[i] ?? 0) : 0), 0);
}

/**
 * Asserts that waits spread evenly from 0 to the stop's length. Then `RATE` × (`STALL` − x) requests wait for longer
 * than x.
 */
function assertWaitedEvenly(summary: Summary, metric: string): void {
  for (const x of [400, 800, 1200, 1600]) {
    const predicted = (RATE * (STALL - x)) / 1000;
    const found = above(summary, metric, x);
    assert.ok(Math.abs(found - predicted) <= 15, `${found} ${metric} above ${x} ms, by theory ${predicted}`);
  }
}

/** Asserts that quality does not blame the generator. A disturbed machine may be blamed. */
function assertUnblamed(summary: Summary): void {
  // A generator that is late by some milliseconds is this machine's; the stop would be seconds.
  const blame = /worker|was suspended|requested rate|late by (?!\d{1,2}(\.\d+)? ms)/;
  if (!isDisturbed(summary)) assert.doesNotMatch(summary.quality.reasons.join('; '), blame);
}

describe('a stop of two seconds', () => {
  const folder = testFolder();
  const start = misbehavingServers();

  /** A server that stops once, a second after its first request. */
  async function stallingServer(): Promise<string> {
    let stallsAt = 0;
    const server = await start(({ socket }) => {
      const now = performance.now();
      if (stallsAt === 0) stallsAt = now + 1000;
      const stalled = now >= stallsAt && now < stallsAt + STALL;
      setTimeout(() => socket.write(GOOD), stalled ? stallsAt + STALL - now : 5);
    });
    return server.url;
  }

  async function arrivalsOf(vus: number, url: string, body = ''): Promise<Summary> {
    const scenario = { executor: 'constant-arrival-rate', rate: RATE, duration: `${SECONDS}s`, preAllocatedVUs: vus };
    const file = folder.write(
      'arrivals.ts',
      `import { chat, exec } from 'tokenswarm';
       export const options = { scenarios: { a: ${JSON.stringify(scenario)} } };
       export default async function () { ${body} await chat({ messages: 'hi' }); }`,
    );
    return await runToEnd(file, settings(url, { workers: 1, preflight: false }));
  }

  it('of the server is seen from sending and from schedule alike, where there are VUs enough', async () => {
    const summary = await arrivalsOf(150, await stallingServer());
    assert.equal(whole(summary, 'llm_requests').count, RATE * SECONDS);
    for (const metric of ['llm_ttft', 'llm_ttft_scheduled', 'llm_e2e', 'llm_e2e_scheduled']) {
      assertWaitedEvenly(summary, metric);
    }
    assertUnblamed(summary);
  });

  it('of the server is seen by few requests where there are few VUs, and the summary says what was dropped', async () => {
    const vus = 5;
    const summary = await arrivalsOf(vus, await stallingServer());
    // Each VU waits once, in one of the first requests of the stop; all other arrivals of it find no VU.
    assert.equal(above(summary, 'llm_e2e_scheduled', 400), vus);
    const { count: dropped = 0 } = whole(summary, 'dropped_iterations');
    const predicted = (RATE * STALL) / 1000 - vus;
    assert.ok(Math.abs(dropped - predicted) <= 15, `${dropped} dropped, by theory ${predicted}`);
    const note = summary.quality.notes.find((text) => text.startsWith(`dropped_iterations: ${dropped} of`)) ?? '';
    assert.match(note, /no VU was free .* in no latency/);
    assertUnblamed(summary);
  });

  it('of the server is seen by as few where users go on only when they are answered', async () => {
    const file = folder.write(
      'users.ts',
      `import { chat, sleep } from 'tokenswarm';
       export const options = { vus: 5, duration: '${SECONDS}s' };
       export default async function () { await chat({ messages: 'hi' }); await sleep(0.1); }`,
    );
    const url = await stallingServer();
    const summary = await runToEnd(file, settings(url, { workers: 1, preflight: false }));
    // The omission is theirs, and nothing of it can be mended: no request was due.
    assert.deepEqual([above(summary, 'llm_e2e', 400), above(summary, 'llm_e2e_scheduled', 400)], [5, 5]);
  });

  it('of the generator is hidden from sending and seen from schedule', async () => {
    const server = await start(({ socket }) => void setTimeout(() => socket.write(GOOD), 5));
    const stop = `if (exec.scenario.iterationInTest === ${RATE}) {
      const until = performance.now() + ${STALL};
      while (performance.now() < until);
    }`;
    const summary = await arrivalsOf(150, server.url, stop);
    assert.equal(whole(summary, 'llm_requests').count, RATE * SECONDS);
    assertWaitedEvenly(summary, 'llm_ttft_scheduled');
    assertWaitedEvenly(summary, 'llm_e2e_scheduled');
    assert.ok(above(summary, 'llm_e2e', 400) <= 5, `${above(summary, 'llm_e2e', 400)} from sending`);
    assert.equal(summary.quality.verdict, 'invalid');
  });
});
