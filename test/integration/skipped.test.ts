import assert from 'node:assert/strict';
import { tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { VirtualTime } from '../support/virtual-time.js';

const SCENARIO = `
import { Counter } from 'tokenswarm';
const [ups, downs, got] = [new Counter('ups'), new Counter('downs'), new Counter('got')];
export const options = { thresholds: { 'got{a:b}': ['count>5'] } };
export function setup() { ups.add(1); return 1; }
export default function (data) { got.add(data ?? 7, { a: 'b' }); }
export function teardown() { downs.add(1); }
`;

describe('a run', () => {
  const folder = testFolder();
  const time = new VirtualTime();

  /** Exit code, counts of setup, teardown and data, thresholds, and errors. */
  const outcome = async (...flags: readonly string[]) => {
    const file = folder.write('all.ts', SCENARIO);
    const { code, stderr } = await tokenswarm(['run', file, ...flags, '--out', `json=${folder.path}/all.json`], {
      time,
    });
    const { metrics, thresholds } = folder.summary('all.json');
    const count = (name: string) => metrics[name]?.windows.whole?.count;
    return [code, count('ups'), count('downs'), count('got{a:b}'), thresholds.length, /error/.test(stderr)];
  };

  it('leaves out setup, teardown or thresholds where a flag says so', async () => {
    assert.deepEqual(await outcome(), [99, 1, 1, 1, 1, false]);
    assert.deepEqual(await outcome('--no-setup'), [0, undefined, 1, 7, 1, false]);
    assert.deepEqual(await outcome('--no-teardown'), [99, 1, undefined, 1, 1, false]);
    assert.deepEqual(await outcome('--no-thresholds'), [0, 1, 1, 1, 0, false]);
    const all = ['--no-setup', '--no-teardown', '--no-thresholds'];
    assert.deepEqual(await outcome(...all), [0, undefined, undefined, 7, 0, false]);
  });
});
