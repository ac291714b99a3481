import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { COMMAND, ROOT } from '../../support/command.js';
import { median } from '../statistics.js';
import type { Experiment } from './experiment.js';

/** From the command to its first request of the load, with a server that was tried before. */
export const startUp: Experiment = {
  name: 'start-up',
  title: 'From the command to the first request',
  when: 'always',
  async run({ quick }) {
    const own: number[] = [];
    const bare: number[] = [];
    for (let repeat = 0; repeat < (quick ? 3 : 11); repeat += 1) {
      bare.push(await bareNode());
      own.push(await firstRequest());
    }
    return [
      { what: 'Node, doing nothing', value: median(bare), unit: 'ms' },
      { what: 'command → first request', value: median(own), unit: 'ms', goal: 500 },
      { what: 'first request ÷ Node', value: median(own) / median(bare), unit: '×', guarded: true },
    ];
  },
};

/** Milliseconds that Node itself takes to start and end. */
async function bareNode(): Promise<number> {
  const startedAt = performance.now();
  await once(spawn(process.execPath, ['-e', ''], { stdio: 'ignore' }), 'close');
  return performance.now() - startedAt;
}

/** Milliseconds from starting the command to its first request for more than one token. */
async function firstRequest(): Promise<number> {
  let arrived: (at: number) => void = () => undefined;
  const first = new Promise<number>((resolve) => {
    arrived = resolve;
  });
  const server = createServer(async (request, response) => {
    const at = performance.now();
    let body = '';
    for await (const bytes of request) body += bytes;
    if (request.url === '/v1/models') {
      response.end('{"data":[{"id":"any"}]}');
      return;
    }
    const { max_tokens: limit } = JSON.parse(body) as { max_tokens?: number };
    if (limit !== 1) arrived(at);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end('data: {"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const scenario = join(ROOT, 'test/bench/scenarios/fifty-lines.ts');
  const startedAt = performance.now();
  const args = [COMMAND, 'run', scenario, '--base-url', url, '-i', '1', '--quiet'];
  const child = spawn(process.execPath, args, { stdio: 'ignore' });
  const took = (await first) - startedAt;
  await once(child, 'close');
  server.close();
  return took;
}
