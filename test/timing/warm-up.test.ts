import assert from 'node:assert/strict';
import { testFolder } from '../support/folder.js';
import { GOOD, misbehavingServers } from '../support/misbehaving-server.js';
import { runToEnd, settings } from '../support/run.js';
import { whole } from '../support/scripts.js';

/** Milliseconds by which a cold server, or a cold scenario, is late. */
const COLD = 500;

/** Offset of the answer's second token, sent apart to make a gap. */
const SECOND = GOOD.indexOf('data:', GOOD.indexOf('Hello'));

describe('a cold start', () => {
  const folder = testFolder();
  const start = misbehavingServers();

  /** Answers its first requests late. */
  async function coldServer(requests: number): Promise<string> {
    let asked = 0;
    const server = await start(({ socket }) => {
      asked += 1;
      setTimeout(() => socket.write(GOOD.slice(0, SECOND)), asked <= requests ? COLD : 5);
      setTimeout(() => socket.write(GOOD.slice(SECOND)), 5 + (asked <= requests ? COLD : 5));
    });
    return server.url;
  }

  function scenario(options: string, body = ''): string {
    return folder.write(
      'cold.ts',
      `import { chat, sleep } from 'tokenswarm';
       export const options = { ${options} };
       export default async function () { ${body} await chat({ messages: 'hi' }); await sleep(0.02); }`,
    );
  }

  const LOAD = "vus: 8, duration: '3s'";

  it('of the server is in the steady state without a warm-up', async () => {
    const url = await coldServer(8);
    const { metrics, windows } = await runToEnd(scenario(LOAD), settings(url, { workers: 1, preflight: false }));
    assert.equal(windows.steady?.from, 0);
    assert.ok((metrics.llm_ttft?.values.max ?? 0) >= COLD - 1);
  });

  it('of the server is in the whole run alone, with one', async () => {
    const url = await coldServer(8);
    const file = scenario(`warmup: '1500ms', ${LOAD}`);
    const summary = await runToEnd(file, settings(url, { workers: 1, preflight: false }));
    assert.deepEqual(summary.windows.steady, { from: 1.5, to: 3 });
    const { llm_ttft, llm_requests } = summary.metrics;
    assert.ok((llm_ttft?.values.max ?? 0) < COLD - 1, `${llm_ttft?.values.max} ms in the steady state`);
    assert.ok((whole(summary, 'llm_ttft').max ?? 0) >= COLD - 1);
    assert.ok((llm_requests?.values.count ?? 0) + 8 < (whole(summary, 'llm_requests').count ?? 0));
  });

  it('of the scenario, whose users all begin at once, is in the whole run alone as well', async () => {
    const url = await coldServer(0);
    const busy = `if (__ITER === 0) { const until = performance.now() + 60; while (performance.now() < until); }`;
    const file = scenario(`warmup: '1500ms', ${LOAD}`, busy);
    const { metrics, quality } = await runToEnd(file, settings(url, { workers: 1, preflight: false }));
    const { steady, whole: all } = metrics.generator_loop_delay?.windows ?? {};
    assert.ok((all?.max ?? 0) > 60 * 4, `${all?.max} ms in the whole run`);
    assert.ok((steady?.max ?? 0) < 60 * 4, `${steady?.max} ms in the steady state`);
    assert.ok((quality.inflation?.ttft ?? 99) < (all?.avg ?? 0), 'the estimate is of the steady state');
  });
});
