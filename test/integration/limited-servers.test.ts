import assert from 'node:assert/strict';
import type { UserError } from '../../engine/index.js';
import { createSimulator } from '../../engine/simulator/index.js';
import { testFolder } from '../support/folder.js';
import { misbehavingServers, plain } from '../support/misbehaving-server.js';
import { runToEnd, settings } from '../support/run.js';
import { whole } from '../support/scripts.js';

describe('a run against a server with limits', () => {
  const folder = testFolder();
  const start = misbehavingServers();

  it('frees its only slot when the script stops reading an answer', async () => {
    // A batch of one: the next request gets no token before the one before has left.
    const narrow = await createSimulator({ maxNumSeqs: 1, stepCost: () => 1 });
    try {
      const file = folder.write(
        'narrow.ts',
        `import { chat } from 'tokenswarm';
         export const options = { vus: 1, iterations: 5 };
         export default async () => {
           await chat({ messages: 'hi', abortAfter: { tokens: 3 }, extraBody: { ignore_eos: true } });
         };`,
      );
      const summary = await runToEnd(file, settings(narrow.url, {}, 'sim'));
      assert.deepEqual(summary.failures, []);
      assert.equal(whole(summary, 'llm_output_tokens').count, 15);
    } finally {
      await narrow.close();
    }
  });

  it('works where it has embeddings only, if the options name that protocol', async () => {
    const server = await start(({ head, socket }) =>
      socket.write(
        head.startsWith('POST /v1/embeddings ')
          ? plain(200, 'application/json', '{"data":[{"index":0,"embedding":[1,2]}],"usage":{"prompt_tokens":3}}')
          : plain(404, 'application/json', '{"detail":"Not Found"}'),
      ),
    );
    const write = (name: string, options: string) =>
      folder.write(
        name,
        `import { embed } from 'tokenswarm';
         export const options = { ${options} vus: 1, iterations: 4 };
         export default async () => { await embed({ input: 'hi' }); };`,
      );
    const named = write('named.ts', `protocol: 'embed',`);
    const summary = await runToEnd(named, settings(server.url, {}, 'bge'));
    assert.deepEqual([summary.failures, summary.errors], [[], []]);
    assert.equal(whole(summary, 'llm_e2e').count, 4);
    assert.equal(whole(summary, 'llm_input_tokens').count, 12);
    await assert.rejects(runToEnd(write('unnamed.ts', ''), settings(server.url, {}, 'bge')), (error: UserError) => {
      assert.match(error.message, /a small chat request to bge failed/);
      assert.match(error.hint ?? '', /set options.protocol to complete, embed/);
      return true;
    });
  });
});
