import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import type { Summary } from '../../engine/index.js';
import { startTokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { grafanaDashboard, queriesOf } from '../support/grafana.js';
import { blocks } from '../support/page.js';
import { freePort } from '../support/port.js';
import { HAS_PROMETHEUS, type Prometheus, startPrometheus } from '../support/prometheus.js';
import { sharedSimulator } from '../support/simulator.js';

describe('a real Prometheus', function () {
  this.timeout(90_000);
  const folder = testFolder();
  let prometheus: Prometheus | undefined;

  before(function () {
    if (HAS_PROMETHEUS) return;
    console.log('      skipped: there is no prometheus on this machine (apt-get install prometheus)');
    this.skip();
  });
  afterEach(() => prometheus?.stop());

  /** Runs a load while Prometheus scrapes it. Returns its summary, last page, and end in seconds since 1970. */
  async function scraped(
    ...flags: readonly string[]
  ): Promise<{ readonly summary: Summary; readonly page: string; readonly at: number }> {
    const simulator = await sharedSimulator();
    folder.write(
      'chat.ts',
      `import { chat, Trend } from 'tokenswarm';
       export const options = { warmup: '1s', thresholds: { llm_ttft: ['p(95)<60000'] } };
       const spread = new Trend('spread', true);
       export default async function () {
         await chat({ messages: 'why?' });
         // As dense at each percentile, however fast the machine is.
         for (let i = 0; i < 100; i += 1) spread.add(30 + ((37 * i) % 100));
       }`,
    );
    const port = await freePort();
    prometheus = await startPrometheus(`127.0.0.1:${port}`, ...flags);
    const running = startTokenswarm(
      [
        ...['run', 'chat.ts', '--base-url', simulator.url, '--model', 'sim-ttft30-itl2-len12', '-u', '4', '-d', '7s'],
        ...['-q', '--summary', 'none', '--label', 'gpu=none'],
        ...['--out', 'json=run.json', '--out', `prometheus=127.0.0.1:${port}`],
      ],
      { cwd: folder.path },
    );
    // Before the end: the last scrape, which the run waits for, is to be Prometheus'.
    await new Promise((resolve) => setTimeout(resolve, 4000));
    const page = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    await running.saw('waiting for a last scrape');
    const { code, stderr } = await running.ended;
    const at = Date.now() / 1000;
    assert.equal(code, 0, stderr);
    // What was answered last is stored a moment later.
    await new Promise((resolve) => setTimeout(resolve, 500));
    return { summary: folder.summary('run.json'), page, at };
  }

  /** Only value of a query. */
  async function one(expression: string): Promise<number> {
    const values = Object.values(await prometheus!.query(expression));
    assert.equal(values.length, 1, `${expression}: ${values.length} values`);
    return values[0] ?? Number.NaN;
  }

  function assertNear(value: number, expected: number | undefined, ratio: number, what: string): void {
    assert.ok(
      expected !== undefined && value / expected < ratio && expected / value < ratio,
      `${what}: ${value}, not ${expected}`,
    );
  }

  /** Checks that the page's queries find something. Those that match `without` are left out. */
  async function assertDocumented(without: RegExp): Promise<void> {
    const queries = blocks('docs/monitoring.md', 'promql').flatMap((block) => block.trim().split('\n'));
    const asked = queries.filter((query) => !query.startsWith('#') && !without.test(query));
    assert.ok(asked.length >= 5);
    for (const query of asked) {
      assert.ok(Object.keys(await prometheus!.query(query)).length > 0, `${query} finds nothing`);
    }
  }

  it('stores the figures of the summary from the page as text', async () => {
    const { summary, page } = await scraped();
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: page, encoding: 'utf8' });
    assert.equal(`${stdout}${stderr}`, '');
    assert.equal(status, 0);
    const { metrics } = summary;
    const steady = (name: string) => `last_over_time(tokenswarm_${name}{phase="steady"}[10m])`;
    assert.equal(await one(`sum(${steady('llm_requests_total')})`), metrics.llm_requests?.windows.steady?.count);
    const p95 = await one(`1000 * histogram_quantile(0.95, sum by (le) (${steady('llm_ttft_seconds_bucket')}))`);
    assertNear(p95, metrics.llm_ttft?.windows.steady?.['p(95)'], 1.601, 'p95 of a classic histogram');
    const mean = await one(`1000 * sum(${steady('llm_ttft_seconds_sum')}) / sum(${steady('llm_ttft_seconds_count')})`);
    assertNear(mean, metrics.llm_ttft?.windows.steady?.avg, 1.000001, 'the mean');
    const speed = await one(`sum(${steady('llm_output_tokens_per_second')})`);
    assertNear(speed, metrics.llm_output_tokens_per_second?.windows.steady?.value, 1.000001, 'tokens a second');
    assert.equal(await one('last_over_time(tokenswarm_threshold_ok[10m])'), 1);
    await assertDocumented(/rate\(tokenswarm_llm_ttft_seconds\{/);
  });

  it('stores native histograms, within one of their buckets', async () => {
    const { summary, at } = await scraped('--enable-feature=native-histograms');
    const { metrics } = summary;
    for (const p of [50, 90, 99]) {
      // The last_over_time of Prometheus 2.42 is no histogram.
      const query = `histogram_quantile(${p / 100}, sum(tokenswarm_spread_seconds{phase="steady"} @ ${at}))`;
      const expected = metrics.spread?.windows.steady?.[p === 50 ? 'med' : `p(${p})`];
      assertNear(1000 * (await one(query)), expected, 1.03, `p${p} of a native histogram`);
    }
    await assertDocumented(/_bucket/);
    // Grafana's dashboard asks nothing that Prometheus cannot read.
    for (const query of queriesOf(grafanaDashboard('prometheus'))) await prometheus!.query(query);
    for (const query of queriesOf(grafanaDashboard('otlp'))) await prometheus!.query(query);
  });
});
