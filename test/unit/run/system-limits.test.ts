import assert from 'node:assert/strict';
import { limitWarnings, refuseTooFewFiles, systemLimits } from '../../../engine/run/system-limits.js';

const server = (baseUrl: string) => ({ baseUrl, model: 'm' });
const LOCAL = server('http://user:secret-of-mine@127.0.0.1:8000/v1');

describe('the limits of the system', () => {
  it('are enough for a small load', () => {
    assert.deepEqual(limitWarnings({ vus: 900, workers: 2, targets: [LOCAL] }, { files: 1024, ports: 900 }), []);
    assert.deepEqual(
      limitWarnings({ vus: 1e6, workers: 2, targets: [LOCAL] }, { files: undefined, ports: undefined }),
      [],
    );
  });

  it('are refused where the run itself has too few open files', () => {
    const refusal = {
      where: 'open files',
      message: 'this process may open 191, and a run with 8 workers needs 192 besides those of its requests',
      hint: 'raise the limit with ulimit -n 392, or use fewer --workers',
    };
    const demand = { vus: 200, workers: 8 };
    assert.throws(() => refuseTooFewFiles(demand, { files: 191, ports: 1 }), refusal);
    refuseTooFewFiles(demand, { files: 192, ports: 1 });
    refuseTooFewFiles(demand, { files: undefined, ports: 1 });
  });

  it('are told with the number of open files that is needed, a socket for each user and server', () => {
    const demand = { vus: 5000, workers: 4, targets: [LOCAL, server('http://10.0.0.2/v1')] };
    assert.deepEqual(limitWarnings(demand, { files: 10_127, ports: 28_232 }), [
      '5,000 users may need 10,128 open files, and this process may open 10,127: raise the limit with ulimit -n 10128, or use fewer users',
    ]);
    assert.deepEqual(limitWarnings(demand, { files: 10_128, ports: 28_232 }), []);
  });

  it('are told with the number of ports, where the server is not on a Unix socket', () => {
    const demand = { vus: 30_000, workers: 1, targets: [LOCAL] };
    const [warning, ...more] = limitWarnings(demand, { files: 1e6, ports: 28_232 });
    assert.match(
      warning ?? '',
      /^30,000 users may need as many local ports to http:\/\/127.0.0.1:8000\/v1, .* 28,232: widen/,
    );
    assert.deepEqual(more, []);
    assert.deepEqual(limitWarnings({ ...demand, addresses: 2 }, { files: 1e6, ports: 28_232 }), []);
    const socket = { ...demand, targets: [server('unix:/run/vllm.sock:/v1')] };
    assert.deepEqual(limitWarnings(socket, { files: 1e6, ports: 28_232 }), []);
  });

  it('are read where Linux tells them', function () {
    if (process.platform !== 'linux') this.skip();
    const { files = 0, ports = 0 } = systemLimits();
    assert.ok(files >= 64 && ports > 0, `${files} files, ${ports} ports`);
  });
});
