import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { FORMATS } from '../../reporters/formats.js';
import { spawnTokenswarm, tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { freePort } from '../support/port.js';

const KEY = 'sk-CANARY7f3e9a-key';
const base64 = (text: string) => Buffer.from(text).toString('base64');
const escaped = (text: string, form: (code: string) => string) => {
  return [...text].map((character) => form(character.charCodeAt(0).toString(16).padStart(2, '0'))).join('');
};
const event = (data: unknown) => `data: ${JSON.stringify(data)}\n\n`;
const error = (response: ServerResponse, message: string, status = 400) => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ error: { message } }));
};
const raw = (request: IncomingMessage, text: string) => request.socket.end(text);

/** Ways in which a server may repeat the key. */
const ECHOES: readonly ((request: IncomingMessage, response: ServerResponse) => void)[] = [
  (_, response) => error(response, `wrong key ${KEY}`),
  (_, response) => error(response, KEY.toLowerCase(), 429),
  (_, response) => error(response, `${'x'.repeat(290)}${KEY}`, 500),
  (_, response) => error(response, base64(`Bearer ${KEY}`), 503),
  (_, response) => error(response, Buffer.from(KEY).toString('hex')),
  (_, response) =>
    error(
      response,
      escaped(KEY, (code) => `%${code}`),
    ),
  (_, response) => response.writeHead(400).end(`{"error":"${escaped(KEY, (code) => `\\u00${code}`)}"}`),
  (_, response) =>
    response.writeHead(500, { 'content-type': 'text/html' }).end(`<p>${escaped(KEY, (code) => `&#x${code};`)}`),
  (_, response) => response.writeHead(200, { 'content-type': `text/html; k=${KEY}` }).end('no'),
  (_, response) => response.writeHead(200, { 'content-encoding': KEY }).end('no'),
  (_, response) =>
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(`data: ${'x'.repeat(60)} ${KEY}\n\n`),
  (_, response) =>
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(event({ error: { message: KEY } })),
  (_, response) =>
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(`event: error\ndata: ${KEY}\n\n`),
  (_, response) =>
    response
      .writeHead(200, { 'content-type': 'text/event-stream' })
      .end(event({ choices: [{ delta: { content: 'a' }, finish_reason: KEY }] })),
  (_, response) =>
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(
      event({
        choices: [{ delta: { content: KEY, tool_calls: [{ function: { name: KEY } }] }, finish_reason: 'stop' }],
      }),
    ),
  (request) => raw(request, `HTTP/1.1 ${KEY}\r\n\r\n`),
  (request) => raw(request, `HTTP/1.1 200 ${KEY}\r\nContent-Length: ${KEY}\r\n\r\n`),
  (request) => raw(request, `HTTP/1.1 418 ${KEY}\r\nContent-Length: 0\r\n\r\n`),
  (request) => raw(request, `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${KEY}\r\n`),
  (request) => raw(request, `HTTP/1.1 200 OK\r\n${KEY}\r\n\r\n`),
  (_, response) =>
    response.writeHead(302, { location: `/v1/${KEY}?api_key=${KEY}&x=1`, 'set-cookie': `a=${KEY}` }).end(),
  (_, response) => response.writeHead(401, { 'www-authenticate': KEY, 'retry-after': KEY }).end(KEY),
];

const SCENARIO = `
import { anthropic, chat, check, complete, embed, http, ollama, responses } from 'tokenswarm';
export const options = { vus: 1, iterations: ${ECHOES.length}, thresholds: { checks: ['rate>2'] } };
let number = 0;
export default async function () {
  number += 1;
  const headers = { 'x-echo': String(number - 1) };
  for (const ask of [chat, responses, anthropic, ollama]) await ask({ messages: 'hi', headers });
  await complete({ prompt: 'hi', headers });
  await embed({ input: 'hi', headers });
  const answer = await http.get('/x?api_key=${KEY}', { headers });
  await http.get(\`\${__ENV.OTHER}/x?token=\${__ENV.SECOND}\`, { headers: { ...headers, authorization: 'Bearer ' + __ENV.SECOND } });
  check(answer, { 'was answered': ({ status }) => status === 200 });
  if (number % 3 === 0) throw new Error('got ' + JSON.stringify(answer.error) + answer.url + ${JSON.stringify(KEY)});
}
`;

const USERS = `
import { chat } from 'tokenswarm';
export const options = { vus: Number(__ENV.N), iterations: 4 };
export default async () => { await chat({ messages: 'hi' }); };
`;

/** Server that logs every request's key, and refuses it by name. */
const LOGGING_SERVER = `
import { createServer } from 'node:http';
createServer((request, response) => {
  request.resume();
  const { authorization = '' } = request.headers;
  console.log(request.method, request.url, authorization);
  if (request.method === 'GET') response.end('{"data":[{"id":"m"}]}');
  else response.writeHead(401).end('{"error":"bad key ' + authorization + '"}');
}).listen(PORT, '127.0.0.1');
`;

describe('keys', () => {
  const folder = testFolder();
  const seen: string[] = [];
  let server: Server;
  let url = '';

  before(async () => {
    server = createServer((request, response) => {
      request.resume();
      seen.push(request.headers.authorization ?? '');
      if (request.url === '/metrics') {
        response.end(`vllm:num_requests_running 1\nvllm:cache_config_info{key="${KEY}"} 1\n`);
      } else if (request.url === '/version') {
        response.end(JSON.stringify({ version: KEY }));
      } else if (request.url?.endsWith('/models')) {
        response.end(JSON.stringify({ data: [{ id: KEY }, { id: 'm', owned_by: KEY }] }));
      } else {
        const echo = ECHOES[Number(request.headers['x-echo'])];
        if (echo) echo(request, response);
        else {
          response.writeHead(200, { 'content-type': 'text/event-stream' });
          response.end(event({ choices: [{ delta: { content: 'a' }, finish_reason: 'stop' }] }));
        }
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    folder.write('scenario.ts', SCENARIO);
  });

  after(() => {
    server.closeAllConnections();
    server.close();
  });

  /** Every text below a folder that has a part of a key. */
  function hits(path: string): string[] {
    return readdirSync(path).flatMap((name) => {
      const file = join(path, name);
      if (statSync(file).isDirectory()) return hits(file);
      const bytes = readFileSync(file);
      const text = name.endsWith('.gz') ? gunzipSync(bytes).toString() : bytes.toString();
      return leaks(text).map((leak) => `${name}: ${leak}`);
    });
  }

  function leaks(text: string): string[] {
    const parts = [
      'canary7f3',
      '7f3e9a',
      'second5secret',
      base64(KEY).slice(0, 16),
      base64(`Bearer ${KEY}`).slice(10, 26),
    ];
    const low = text.toLowerCase();
    return parts.flatMap((part) => {
      const at = low.indexOf(part.toLowerCase());
      return at < 0 ? [] : [text.slice(Math.max(0, at - 60), at + 60)];
    });
  }

  it(`are in no output, in none of ${ECHOES.length} ways in which a server repeats them`, async function () {
    this.timeout(60_000);
    const outs = FORMATS.flatMap(({ name, options = {} }) => [
      name,
      ...Object.keys(options).map((option) => `${name}:${option}`),
    ]);
    const paths = outs.map(
      (name) => `${name}=out/${name.replace(':', '-')}${name.startsWith('requests') ? '.jsonl.gz' : '.out'}`,
    );
    const args = [
      'run',
      'scenario.ts',
      '--api-key',
      KEY,
      '--base-url',
      `${url}/v1`,
      '--model',
      'm',
      '-e',
      `OTHER=${url}`,
    ];
    const more = ['-e', 'SECOND=second5secret-0', '--out', 'requests=out/requests.csv'];
    const outputs = paths.flatMap((path) => ['--out', path]);
    const { code, stdout, stderr } = await tokenswarm([...args, ...more, ...outputs], { cwd: folder.path });
    assert.equal(code, 99, stdout + stderr);
    assert.deepEqual(leaks(stdout + stderr), []);
    assert.deepEqual(hits(join(folder.path, 'out')), []);
    assert.ok(seen.includes(`Bearer ${KEY}`) && seen.includes('Bearer second5secret-0'));
    const record = readFileSync(join(folder.path, 'out/json.out'), 'utf8');
    assert.ok(JSON.parse(record).failures.length >= 30, record);
  });

  it('are in no file of a sweep, nor in the log of its server, which repeats them', async function () {
    this.timeout(60_000);
    const port = await freePort();
    const args = ['sweep', 'users.ts', '--vary', 'N=1,2', '--out', 'swept', '--model', 'm', '--no-preflight'];
    const given = ['--api-key', KEY, '--base-url', `http://127.0.0.1:${port}/v1`];
    folder.write('users.ts', USERS);
    const server = folder.write('server.mjs', `const PORT = ${port};\n${LOGGING_SERVER}`);
    const { code, stdout, stderr } = await tokenswarm(
      [...args, ...given, '--server', `${process.execPath} ${server}`],
      {
        cwd: folder.path,
      },
    );
    assert.equal(code, 0, stdout + stderr);
    assert.deepEqual(leaks(stdout + stderr), []);
    assert.deepEqual(hits(join(folder.path, 'swept')), []);
    const log = readdirSync(join(folder.path, 'swept')).find((name) => name.endsWith('.log')) ?? '';
    assert.match(readFileSync(join(folder.path, 'swept', log), 'utf8'), /Bearer \*\*\*/);
  });

  it('are in no error of the preflight and of try', async () => {
    const args = ['scenario.ts', '--api-key', KEY, '--base-url', `${url}/v1`];
    const tried = await tokenswarm(['try', ...args, '-e', `OTHER=${url}`, '-e', 'SECOND=second5secret-0'], {
      cwd: folder.path,
    });
    assert.deepEqual(leaks(tried.stdout + tried.stderr), []);
    const inspected = await tokenswarm(['inspect', ...args], { cwd: folder.path });
    assert.deepEqual(leaks(inspected.stdout + inspected.stderr), []);
  });

  it('are not in the environment of any process that a run starts', async () => {
    const file = folder.write(
      'slow.ts',
      "import { chat } from 'tokenswarm';\nexport const options = { vus: 1, duration: '20s' };\nexport default () => chat({ messages: 'hi' });\n",
    );
    const run = spawnTokenswarm(['run', file, '--simulate', '--out', 'json=o.json'], {
      cwd: folder.path,
      env: { OPENAI_API_KEY: KEY, TOKENSWARM_API_KEY: KEY },
    });
    await run.saw(/\d VUs?/);
    const children = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && parentOf(pid) === String(run.child.pid));
    const environments = children.map((pid) => readFileSync(`/proc/${pid}/environ`, 'utf8'));
    run.child.kill('SIGKILL');
    await run.ended;
    // The compiler and the simulator.
    assert.equal(environments.length, 2);
    for (const environment of environments) assert.deepEqual(leaks(environment), []);
  });
});

function parentOf(pid: string): string | undefined {
  try {
    return /^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}
