import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';

type Body = Readonly<Record<string, unknown>>;

describe('the length of answers in a suite', () => {
  const folder = testFolder();
  const bodies: Body[] = [];
  let server: Server;

  before(async () => {
    server = createServer((request, response) => {
      let text = '';
      request.on('data', (bytes: Buffer) => {
        text += bytes.toString();
      });
      request.on('end', () => {
        bodies.push(JSON.parse(text) as Body);
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.end('data: {"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}\n\n');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    folder.write(
      'rows.json',
      JSON.stringify([{ instruction: 'Say it.', input: '', output: 'one two three four five' }]),
    );
  });

  after(() => {
    server.closeAllConnections();
    server.close();
  });

  /** Body of the first request of a suite with these parameters. */
  async function asked(suite: string, ...parameters: readonly string[]): Promise<Body | undefined> {
    bodies.length = 0;
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
    const env = [`DATASET=${folder.path}/rows.json`, ...parameters].flatMap((pair) => ['-e', pair]);
    const args = ['run', `scenarios/${suite}.ts`, '--base-url', url, '--model', 'm', '--no-preflight', '-q', ...env];
    const { stderr } = await tokenswarm([...args, '-u', '1', '-i', '1']);
    assert.ok(bodies.length > 0, stderr);
    return bodies[0];
  }

  for (const suite of ['latency', 'throughput', 'soak']) {
    it(`of ${suite} is the row's own, or the one that is given`, async () => {
      const own = await asked(suite);
      assert.ok(Number(own?.max_tokens) > 1 && Number(own?.max_tokens) < 20, JSON.stringify(own));
      assert.deepEqual([own?.ignore_eos, own?.min_tokens], [undefined, undefined]);
      const given = await asked(suite, 'MAX_TOKENS=128', 'MIN_TOKENS=128', 'IGNORE_EOS=yes');
      assert.deepEqual([given?.max_tokens, given?.min_tokens, given?.ignore_eos], [128, 128, true]);
    });
  }
});
