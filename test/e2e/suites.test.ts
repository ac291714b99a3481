import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Summary } from '../../engine/index.js';
import { ROOT, tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { blocks, wordsOf } from '../support/page.js';
import { settings } from '../support/run.js';
import { simulatorOptions, VirtualServers } from '../support/virtual-servers.js';
import { virtualTime } from '../support/virtual-time.js';

const CARD = ['--card', 'rtx-4090', '--model-arch', 'qwen2.5-7b', '--max-model-len', '16384'];

/** An aggregate of a metric over the whole run. */
function figure({ metrics }: Summary, metric: string, aggregate: string): number {
  const value = metrics[metric]?.windows.whole?.[aggregate];
  assert.ok(typeof value === 'number', `${metric} has no ${aggregate}`);
  return value;
}

describe('a suite shows what it is for, on a simulated card', function () {
  this.timeout(60_000);
  const time = virtualTime();

  /** Runs a suite in virtual time against a card with these flags. */
  async function measured(suite: string, env: Readonly<Record<string, string>>, ...flags: string[]): Promise<Summary> {
    const simulator = await time.simulator(simulatorOptions([...CARD, ...flags]));
    const file = join(ROOT, 'scenarios', suite);
    const summary = await time.runToEnd(file, settings(simulator.url, { env }, undefined));
    await simulator.close();
    assert.deepEqual([summary.errors, summary.failures], [[], []]);
    return summary;
  }

  it('shared-prefix.ts: prefix caching, by the command of docs/suites.md', async () => {
    const [command = ''] = blocks('docs/suites.md', 'sh').filter((block) => block.startsWith('tokenswarm sweep '));
    const folder = testFolder();
    symlinkSync(join(ROOT, 'scenarios'), join(folder.path, 'scenarios'));
    const servers = new VirtualServers(time);
    await servers.install(folder);
    const args = [...wordsOf(command).slice(1), '--base-url', servers.url];
    const short = ['-e', 'PREFIX=3000', '-e', 'OUTPUT=2'];
    const start = { cwd: folder.path, env: { PATH: `${folder.path}:${process.env.PATH}` }, time };
    const { code, stderr } = await tokenswarm([...args, ...short], start);
    servers.close();
    assert.equal(code, 0, stderr);
    const advantage = (setting: string) => {
      const summary = folder.summary(`results/prefix-caching/CACHE=${setting}.json`);
      return figure(summary, 'llm_ttft{name:own}', 'min') / figure(summary, 'llm_ttft{name:shared}', 'min');
    };
    const [on, off] = [advantage('enable'), advantage('no-enable')];
    assert.ok(on > 3, `with the cache, shared prompts start ${on} times as fast`);
    assert.ok(off > 0.8 && off < 1.25, `without it, ${off} times`);
  });

  it('long-prompt.ts: chunked prefill', async () => {
    const env = { USERS: '2', RATE: '0.7', INPUT: '8000', DURATION: '2s' };
    const largestGap = async (...flags: string[]) =>
      figure(await measured('long-prompt.ts', env, ...flags), 'llm_itl{name:talk}', 'max');
    const [on, off] = [
      await largestGap('--max-num-batched-tokens', '1024'),
      await largestGap('--no-enable-chunked-prefill', '--max-num-batched-tokens', '16384'),
    ];
    assert.ok(off > 1.5 * on, `the largest gap is ${off} ms without chunks, ${on} ms with them`);
  });

  it('latency.ts: speculative decoding', async () => {
    const tpot = async (...flags: string[]) => {
      return figure(await measured('latency.ts', { N: '3', MAX_TOKENS: '24' }, ...flags), 'llm_tpot', 'min');
    };
    const [off, on] = [await tpot(), await tpot('--speculative-tokens', '4', '--acceptance-rate', '0.8')];
    assert.ok(on < 0.75 * off, `a token takes ${on} ms with drafts, ${off} ms without`);
  });

  it('throughput.ts: continuous batching', async () => {
    const tokens = async (...flags: string[]) => {
      const env = { PEAK_USERS: '8', RAMP: '0s', HOLD: '1s', MAX_TOKENS: '8' };
      return figure(await measured('throughput.ts', env, ...flags), 'llm_output_tokens_per_second', 'value');
    };
    const [on, off] = [await tokens(), await tokens('--max-num-seqs', '1')];
    assert.ok(on > 2 * off, `${on} tokens/s in one batch, ${off} one after the other`);
  });
});
