import assert from 'node:assert/strict';
import { inspect, type Settings, tryOnce } from '../../engine/index.js';
import { openTokenizer } from '../../engine/tokens/tokenizer.js';
import { tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { settings } from '../support/run.js';
import { tokenizerPath } from '../support/tokenizers.js';
import { virtualTime } from '../support/virtual-time.js';

describe('a trace, replayed', () => {
  const folder = testFolder();
  const time = virtualTime();
  const tryWith = (file: string, given: Partial<Settings>) =>
    time.clock.until(tryOnce(file, settings(time.url, given), 'program', time.timing));

  before(async () => {
    const rows = Array.from({ length: 40 }, (_, i) => `${i * 40},${10 + i},${1 + (i % 5)}`);
    folder.write('data/trace.csv', `timestamp,input_length,output_length\n${rows.join('\n')}\n`);
  });

  function scenario(fields: string, body = ''): string {
    return folder.write(
      'replay.ts',
      `import { chat, check, exec, traceRow } from 'tokenswarm';
      export const options = { scenarios: { replay: {
        executor: 'trace', file: './data/trace.csv', preAllocatedVUs: 20, ${fields}
      } } };
      export default async function () {
        const row = traceRow();
        ${body}
        const answer = await chat({ messages: row.prompt, maxTokens: row.outputTokens });
        check(answer, {
          'its own row': () => row.inputTokens === 10 + row.timestamp / 40,
          'in order': () => Math.abs(row.timestamp - 40 * (exec.scenario.iterationInTest + Number(__ENV.FIRST ?? 0))) < 1e-6,
          'as long as it was': (a) => a.outputTokens === row.outputTokens && a.inputTokens! >= row.inputTokens,
        });
      }`,
    );
  }

  it('sends every request once, at its time and with its length, from several workers', async () => {
    const summary = await time.runToEnd(scenario(''), settings(time.url, { workers: 2 }, 'sim-ttft5-itl1-len100'));
    assert.deepEqual([summary.errors, summary.failures], [[], []]);
    assert.ok(summary.checks.length === 3 && summary.checks.every(({ fails, passes }) => fails === 0 && passes === 40));
    const { metrics } = summary;
    assert.equal(metrics.llm_requests?.windows.whole?.count, 40);
    assert.equal(metrics.llm_output_tokens?.windows.whole?.count, 40 * 3);
    assert.equal(metrics.iteration_lateness?.windows.whole?.count, 40);
    assert.deepEqual(summary.plan.scenarios[0]?.executor, 'trace');
    assert.match(
      summary.plan.scenarios[0]?.description ?? '',
      /^40 requests of \.\/data\/trace\.csv for 1\.56s \(20 VUs\)$/,
    );
    // The summary tells of the trace, and does not have it in it.
    assert.ok(JSON.stringify(summary.plan).length < 5000);
  });

  it('plays a part of it faster, and drops requests without a free VU', async () => {
    const given = settings(time.url, { env: { FIRST: '10' } }, 'sim-ttft500-itl1-len100');
    const { metrics, checks } = await time.runToEnd(scenario("from: '400ms', speed: 2, preAllocatedVUs: 1,"), given);
    const [done = 0, dropped = 0] = [metrics.iterations, metrics.dropped_iterations].map(
      (metric) => metric?.windows.whole?.count,
    );
    assert.equal(done + dropped, 30);
    assert.ok(dropped >= 25, `${dropped} dropped`);
    assert.ok(checks.every(({ fails }) => fails === 0));
  });

  it('is tried with its first request; traceRow() throws in other executors', async () => {
    const { requests, error } = await tryWith(scenario("from: '400ms'"), { env: { FIRST: '10' } });
    assert.equal(error, undefined);
    const [first] = requests.map(({ request }) => request as unknown as { readonly messages: string });
    assert.equal(first?.messages.split(' ').length, 20);
    const lost = await tryWith(scenario(''), { vus: 1, iterations: 1 });
    assert.match(lost.error?.stack ?? '', /traceRow\(\) is for the iterations of a scenario of the executor 'trace'/);
  });

  it("has prompts of its lengths, by the run's tokenizer", async () => {
    const tokenizer = tokenizerPath('byte-level');
    const { requests } = await tryWith(scenario("from: '400ms'"), { tokenizer });
    const [sent] = requests.map(({ request }) => request as unknown as { readonly messages: string });
    const { count } = openTokenizer(tokenizer);
    assert.equal(count(sent?.messages ?? ''), 20);
  });

  it('is inspected without its rows, and drawn', async () => {
    const { inspection, profiles } = await inspect(scenario(''));
    assert.ok(JSON.stringify(inspection).length < 3000);
    assert.deepEqual(inspection.steady, { from: 0, to: 1560 });
    assert.equal(profiles[0]?.unit, 'iterations/s');
    const { stdout, code } = await tokenswarm(['inspect', 'replay.ts', '--plot'], { cwd: folder.path });
    assert.equal(code, 0);
    assert.match(stdout, /40 requests of \.\/data\/trace\.csv/);
  });

  it('is refused with its line', async () => {
    folder.write('data/bad.csv', 'timestamp,input_length,output_length\n1,2,3\n1,2,x\n');
    const message = async (fields: string) => {
      const thrown = await inspect(scenario(fields)).catch((error: unknown) => error as Error);
      return thrown instanceof Error ? thrown.message.replaceAll(folder.path, '') : 'nothing';
    };
    assert.equal(
      await message("file: './data/bad.csv'"),
      '/data/bad.csv:3: output_length: expected a whole number of tokens, got "x"',
    );
    assert.equal(await message('speed: 0'), 'scenarios.replay.speed: expected a number above 0, got 0');
    assert.equal(await message('maxVUs: 5'), 'scenarios.replay.maxVUs: expected at least preAllocatedVUs, 20, got 5');
    assert.match(await message("file: './none.csv'"), /^\/none\.csv: there is no such file$/);
    assert.equal(await message("from: '1h'"), 'scenarios.replay.from: the last request of the trace comes after 1.56s');
  });
});
