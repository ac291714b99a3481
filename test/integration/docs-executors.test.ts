import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXECUTORS } from '../../engine/executors/registry.js';
import { ROOT, tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { namedBlocks } from '../support/page.js';
import { virtualTime } from '../support/virtual-time.js';

const PAGE = readFileSync(join(ROOT, 'docs/executors.md'), 'utf8');
const EXAMPLES = [...PAGE.matchAll(/^```ts\n(.*?)^```/gms)].map(([, block]) => block ?? '');

/** Shortens a scenario: each duration in minutes or seconds becomes one second. */
function shortened(scenario: string): string {
  return scenario.replace(/'[1-9]\d*[ms]'/g, "'1s'").replace("warmup: '1s'", "warmup: '300ms'");
}

describe('the documentation of executors', () => {
  const folder = testFolder();
  const seen = new Set<string>();
  const time = virtualTime();

  before(async () => {
    for (const [name, content] of namedBlocks('docs/executors.md')) folder.write(name, content);
  });

  for (const [index, scenario] of EXAMPLES.entries()) {
    const [, name] = /scenarios: \{\s*(\w+):/.exec(scenario) ?? [];
    it(`has an example that runs: ${name}`, async () => {
      const file = folder.write(`${index}.ts`, shortened(scenario));
      const target = ['--base-url', time.url, '--model', 'sim-ttft50-itl10-len10', '--workers', '2'];
      const { code, stderr } = await tokenswarm(['run', file, ...target, '--out', `json=${folder.path}/docs.json`], {
        time,
      });
      assert.ok(code === 0 || code === 99, stderr);
      const { errors, plan, metrics, requests } = folder.summary('docs.json');
      assert.deepEqual(errors, []);
      for (const { executor, ran } of plan.scenarios) {
        seen.add(executor);
        assert.ok(ran && ran.to > ran.from);
      }
      const { count = 0 } = metrics.iterations?.windows.whole ?? {};
      assert.ok(count > 0 && requests.censored === 0);
    });
  }

  it('has one for every executor, and describes each of their options', () => {
    assert.deepEqual([...seen].sort(), [...EXECUTORS].sort());
    const options = readFileSync(join(ROOT, 'engine/api/scenarios.ts'), 'utf8');
    const scenarios = options.slice(
      options.indexOf('interface AnyScenario'),
      options.indexOf('export type Scenario ='),
    );
    const names = [...scenarios.matchAll(/^ {2}readonly (\w+)\??:/gm)].map(([, option]) => option ?? '');
    assert.ok(names.length > 20);
    assert.deepEqual(
      names.filter((option) => !PAGE.includes(`\`${option}\``)),
      [],
    );
  });
});
