import assert from 'node:assert/strict';
import { hasNativeReader } from '../../engine/client/reader/native-reader.js';
import type { Summary } from '../../engine/index.js';
import { summaryText } from '../../reporters/index.js';
import { testFolder } from '../support/folder.js';
import { runToEnd, settings } from '../support/run.js';
import { type Simulator, sharedSimulator } from '../support/simulator.js';

const USERS = 4;
const TOKENS = 40;

describe('a run with each reader', () => {
  const folder = testFolder();
  let simulator: Simulator;

  before(async function () {
    if (!hasNativeReader()) this.skip();
    simulator = await sharedSimulator();
  });

  function run(reader: 'native' | 'js', call = ''): Promise<Summary> {
    const file = folder.write(
      'talk.ts',
      `import { chat } from 'tokenswarm';
       export const options = { vus: ${USERS}, iterations: ${3 * USERS} };
       export default () => chat({ messages: 'hi' ${call} });`,
    );
    return runToEnd(file, settings(simulator.url, { reader, workers: 1 }, `sim-ttft20-itl5-len${TOKENS}`));
  }

  it('counts the same requests and tokens, and names the reader', async () => {
    const [native, js] = [await run('native'), await run('js')];
    for (const { metrics, failures } of [native, js]) {
      assert.deepEqual(failures, []);
      assert.equal(metrics.llm_requests?.values.count, 3 * USERS);
      assert.equal(metrics.llm_output_tokens?.values.count, 3 * USERS * TOKENS);
    }
    assert.equal(js.reader, undefined);
    assert.ok(native.reader && native.reader.reads > 3 * USERS * 2);
    assert.equal(native.reader.stamps, 'kernel');
    // The kernel may begin to stamp after a connection's first packet.
    assert.ok(native.reader.unstamped <= USERS, String(native.reader.unstamped));
    assert.ok((native.metrics.generator_read_delay?.values.count ?? 0) > 10);
    assert.match(summaryText(native), /native reader/);
    assert.doesNotMatch(summaryText(js), /native reader/);
  });

  it('calls the script for each token with either reader', async () => {
    for (const reader of ['native', 'js'] as const) {
      const { metrics, failures } = await run(reader, ', abortAfter: { tokens: 5 }');
      assert.deepEqual(failures, []);
      assert.equal(metrics.llm_output_tokens?.values.max, 5, reader);
    }
  });
});
