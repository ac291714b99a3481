import assert from 'node:assert/strict';
import { cardNamed, deploymentOf, modelNamed } from '../../engine/hardware/index.js';
import type { Simulator } from '../../engine/simulator/index.js';
import { testFolder } from '../support/folder.js';
import { settings } from '../support/run.js';
import { virtualTime } from '../support/virtual-time.js';

const DEPLOYMENT = deploymentOf({ card: cardNamed('h800', 'test'), model: modelNamed('qwen2.5-7b', 'test') });

describe('the routing of sessions to replicas', () => {
  const folder = testFolder();
  const time = virtualTime();
  const replicas: Simulator[] = [];

  before(async () => {
    for (let n = 0; n < 2; n += 1) replicas.push(await time.simulator({ card: { deployment: DEPLOYMENT } }));
  });

  after(async () => {
    for (const replica of replicas) await replica.close();
  });

  /** Runs sessions of eight turns whose prompts grow, on two replicas. */
  async function run(stickySessions: boolean) {
    const file = folder.write(
      'agents.ts',
      `import { filler, session } from 'tokenswarm';
       export const options = { vus: 3, iterations: 6, stickySessions: ${stickySessions} };
       export default () => session('agent', async (s) => {
         for (let turn = 0; turn < 8; turn += 1) {
           await s.turn({ prompt: filler(1000), maxTokens: 8, extraBody: { ignore_eos: true } });
           await s.tool('tool', '200ms');
         }
       });`,
    );
    // Other texts in each run, of which nothing is cached.
    const given = { baseUrls: replicas.map(({ url }) => url), seed: stickySessions ? 1 : 2 };
    const summary = await time.runToEnd(file, settings(undefined, given, 'Qwen2.5-7B'));
    assert.deepEqual([summary.errors, summary.failures], [[], []]);
    const whole = (metric: string) => summary.metrics[metric]?.windows.whole;
    return {
      hit: whole('llm_cache_hit')?.rate ?? 0,
      possible: whole('llm_cache_hit_possible')?.rate ?? 0,
      ttft: whole('llm_ttft')?.avg ?? 0,
      accelerators: summary.sessions?.accelerators,
    };
  }

  it('shows in the hits of the prefix cache, beside the possible ones, and in TTFT', async () => {
    const [sticky, spread] = [await run(true), await run(false)];
    // Of 1 + 2 + … + 8 thousand tokens, 1 + … + 7 were in the turn before.
    assert.ok(Math.abs(sticky.possible - 28 / 36) < 0.02, String(sticky.possible));
    assert.ok(Math.abs(sticky.hit - sticky.possible) < 0.02, `${sticky.hit} of ${sticky.possible}`);
    assert.ok(spread.hit < sticky.hit - 0.1, `${spread.hit} against ${sticky.hit}`);
    assert.ok(spread.ttft > 1.2 * sticky.ttft, `${spread.ttft} against ${sticky.ttft}`);
  });
});
