import assert from 'node:assert/strict';
import { socketPath, testFolder } from '../support/folder.js';
import { GOOD, misbehavingServers } from '../support/misbehaving-server.js';
import { settings } from '../support/run.js';
import { whole } from '../support/scripts.js';
import { VirtualTime } from '../support/virtual-time.js';

/** Milliseconds by which a cold server is late. */
const COLD = 500;
const VUS = 8;

/** Offset of the answer's second token, sent apart to make a gap. */
const SECOND = GOOD.indexOf('data:', GOOD.indexOf('Hello'));

describe('a cold server', () => {
  const folder = testFolder();
  const start = misbehavingServers();
  const time = new VirtualTime();

  /** Starts a server that answers the first request of each VU late. */
  async function coldServer(): Promise<string> {
    const { clock } = time;
    const { url } = await start(
      ({ socket, turn }) => {
        const latency = turn === 0 ? COLD : 5;
        clock.after(latency, () => socket.write(GOOD.slice(0, SECOND)));
        clock.after(latency + 5, () => socket.write(GOOD.slice(SECOND)));
      },
      { path: socketPath() },
    );
    return url;
  }

  async function runFor3s(warmup: string) {
    const file = folder.write(
      'cold.ts',
      `import { chat, sleep } from 'tokenswarm';
       export const options = { ${warmup} vus: ${VUS}, duration: '3s' };
       export default async function () { await chat({ messages: 'hi' }); await sleep(0.02); }`,
    );
    return await time.runToEnd(file, settings(await coldServer(), { workers: 1, preflight: false }));
  }

  it('is in the steady state without a warm-up', async () => {
    const { metrics, windows } = await runFor3s('');
    assert.deepEqual(windows.steady, { from: 0, to: 3 });
    assert.equal(metrics.llm_ttft?.values.max, COLD);
  });

  it('is in the whole run alone with a warm-up', async () => {
    const summary = await runFor3s("warmup: '1500ms',");
    assert.deepEqual(summary.windows.steady, { from: 1.5, to: 3 });
    const { llm_ttft, llm_requests } = summary.metrics;
    assert.equal(llm_ttft?.values.max, 5);
    assert.equal(whole(summary, 'llm_ttft').max, COLD);
    // An iteration takes 30 ms.
    assert.equal(llm_requests?.values.count, (VUS * 1500) / 30);
    assert.equal(whole(summary, 'llm_requests').count, VUS * (1 + Math.ceil((3000 - 530) / 30)));
  });
});
