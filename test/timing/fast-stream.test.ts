import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { startedReader, threadReader } from '../../engine/client/reader/native-reader.js';
import { PLAIN } from '../../engine/client/transport/transport.js';
import { testClients } from '../support/test-client.js';

const TOKENS = 300;
/** Milliseconds of sleep between tokens, which take some 0.2 then. */
const GAP = 0.1;

/** Thread that answers requests, and writes each token on its own. */
const SERVER = `
  const { workerData: { tokens, gap }, parentPort } = require('node:worker_threads');
  const pause = new Int32Array(new SharedArrayBuffer(4));
  const event = (delta, end) =>
    'data: ' + JSON.stringify({ choices: [{ index: 0, delta, finish_reason: end }] }) + '\\n\\n';
  const server = require('node:net').createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => undefined).once('data', () => {
      socket.write('HTTP/1.1 200 OK\\r\\ncontent-type: text/event-stream\\r\\n\\r\\n');
      for (let token = 0; token < tokens; token += 1) {
        Atomics.wait(pause, 0, 0, gap);
        socket.write(event({ content: 'a' }, null));
      }
      socket.end(event({}, 'stop') + 'data: [DONE]\\n\\n');
    });
  });
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
`;

describe('a stream of thousands of tokens a second', () => {
  const clientOf = testClients();
  let server: Worker;

  before(function () {
    if (!threadReader()) this.skip();
    server = new Worker(SERVER, { eval: true, workerData: { tokens: TOKENS, gap: GAP } });
  });
  after(() => server?.terminate());

  it('has an instant for each token where it is read in C', async function () {
    const [port] = (await once(server, 'message')) as [number];
    const client = clientOf(`http://127.0.0.1:${port}`, undefined, { ...PLAIN, reader: 'native' });
    startedReader()?.takeDelays();
    const { failure, chunkAt } = await client.ask();
    assert.equal(failure, undefined);
    assert.equal(chunkAt.length, TOKENS);
    // A machine that does not run the reader's thread in time has it read tokens together.
    const delays = startedReader()?.takeDelays() ?? new Float64Array();
    if (Math.max(...delays) > 2) this.skip();
    const later = chunkAt.slice(50);
    assert.ok(new Set(later).size > 0.8 * later.length, `${new Set(later).size} instants of ${later.length} tokens`);
  });
});
