import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { COMMAND, ROOT } from '../../support/command.js';
import { endedCpuSeconds } from '../processes.js';
import { median } from '../statistics.js';
import type { Experiment } from './experiment.js';

/** Time from the command to the first request of its load. The server has been tried before. */
export const startUp: Experiment = {
  name: 'start-up',
  title: 'From the command to the first request',
  when: 'always',
  async run({ quick }) {
    const times: number[] = [];
    let own = 0;
    let bare = 0;
    for (let repeat = 0; repeat < (quick ? 3 : 11); repeat += 1) {
      bare += await cpuOf(bareNode);
      own += await cpuOf(async () => {
        times.push(await firstRequest());
      });
    }
    return [
      { what: 'command → first request', value: median(times), unit: 'ms', goal: 350 },
      // Of the whole run, whose load is one request: unlike the time that it takes, much the same on a busy machine.
      { what: 'CPU time ÷ that of Node doing nothing', value: own / bare, unit: '×', guarded: true },
    ];
  },
};

/** CPU seconds of the child processes that end during `work`. */
async function cpuOf(work: () => Promise<void>): Promise<number> {
  const before = endedCpuSeconds();
  await work();
  return endedCpuSeconds() - before;
}

/** Node starting and ending. */
async function bareNode(): Promise<void> {
  await once(spawn(process.execPath, ['-e', ''], { stdio: 'ignore' }), 'close');
}

/** Milliseconds from the command's start to its first request for several tokens. */
async function firstRequest(): Promise<number> {
  let arrived: (at: number) => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  const first = new Promise<number>((resolve, reject) => {
    arrived = resolve;
    fail = reject;
  });
  const server = createServer(async (request, response) => {
    const at = performance.now();
    let body = '';
    for await (const bytes of request) body += bytes;
    if (request.url === '/v1/models') {
      response.end('{"data":[{"id":"any"}]}');
      return;
    }
    if (request.method !== 'POST') {
      response.writeHead(404).end();
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
  const closed = once(child, 'close').then(() => fail(new Error('tokenswarm ended without a request')));
  try {
    return (await first) - startedAt;
  } finally {
    await closed;
    server.close();
  }
}
