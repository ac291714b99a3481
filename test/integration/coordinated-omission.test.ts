import assert from 'node:assert/strict';
import type { Summary } from '../../engine/index.js';
import { socketPath, testFolder } from '../support/folder.js';
import { GOOD, misbehavingServers } from '../support/misbehaving-server.js';
import { settings } from '../support/run.js';
import { whole } from '../support/scripts.js';
import { assertWaitedEvenly, countAbove, RATE, SECONDS, STALL } from '../support/stall.js';
import { VirtualTime } from '../support/virtual-time.js';

describe('a server that stops for two seconds', () => {
  const folder = testFolder();
  const start = misbehavingServers();
  const time = new VirtualTime();

  /** Starts a server that stops once, a second after its first request. */
  async function stallingServer(): Promise<string> {
    const { clock } = time;
    let stallsAt = 0;
    const behave = ({ socket }: { readonly socket: { write(text: string): unknown } }) => {
      const now = clock.now();
      if (stallsAt === 0) stallsAt = now + 1000;
      const stalled = now >= stallsAt && now < stallsAt + STALL;
      clock.after(stalled ? stallsAt + STALL - now : 5, () => socket.write(GOOD));
    };
    const { url } = await start(behave, { path: socketPath() });
    return url;
  }

  async function runArrivals(vus: number): Promise<Summary> {
    const scenario = { executor: 'constant-arrival-rate', rate: RATE, duration: `${SECONDS}s`, preAllocatedVUs: vus };
    const file = folder.write(
      'arrivals.ts',
      `import { chat } from 'tokenswarm';
       export const options = { scenarios: { a: ${JSON.stringify(scenario)} } };
       export default async function () { await chat({ messages: 'hi' }); }`,
    );
    return await time.runToEnd(file, settings(await stallingServer(), { workers: 1, preflight: false }));
  }

  it('shows in latencies since sending and since the schedule alike, where there are enough VUs', async () => {
    const summary = await runArrivals(150);
    assert.equal(whole(summary, 'llm_requests').count, RATE * SECONDS);
    for (const metric of ['llm_ttft', 'llm_ttft_scheduled', 'llm_e2e', 'llm_e2e_scheduled']) {
      assertWaitedEvenly(summary, metric, 0);
    }
  });

  it('shows in few latencies where there are few VUs, and the summary counts what was dropped', async () => {
    const vus = 5;
    const summary = await runArrivals(vus);
    // Each VU waits once, in one of the first requests of the stop; all other arrivals of it find no VU.
    assert.equal(countAbove(summary, 'llm_e2e_scheduled', 400), vus);
    const dropped = (RATE * STALL) / 1000 - vus;
    assert.equal(whole(summary, 'dropped_iterations').count, dropped);
    const note = summary.quality.notes.find((text) => text.startsWith(`dropped_iterations: ${dropped} of`)) ?? '';
    assert.match(note, /no VU was free .* in no latency/);
  });

  it('shows in as few where users wait for each answer', async () => {
    const file = folder.write(
      'users.ts',
      `import { chat, sleep } from 'tokenswarm';
       export const options = { vus: 5, duration: '${SECONDS}s' };
       export default async function () { await chat({ messages: 'hi' }); await sleep(0.1); }`,
    );
    const summary = await time.runToEnd(file, settings(await stallingServer(), { workers: 1, preflight: false }));
    // The omission is theirs, and nothing of it can be mended: no request was due.
    assert.deepEqual([countAbove(summary, 'llm_e2e', 400), countAbove(summary, 'llm_e2e_scheduled', 400)], [5, 5]);
  });
});
