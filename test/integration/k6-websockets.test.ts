import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { Summary } from '../../engine/index.js';
import { testFolder } from '../support/folder.js';
import { type HttpServer, startHttpServer } from '../support/http-server.js';
import { runToEnd, settings } from '../support/run.js';

describe('WebSockets of a k6 script', () => {
  const folder = testFolder();
  const asked: (string | undefined)[] = [];
  let server: WebSocketServer;
  let site: HttpServer;
  let url: string;

  before(async () => {
    site = await startHttpServer();
    server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    server.on('connection', (socket, request) => {
      asked.push(String(request.headers.a), request.headers.cookie);
      socket.on('message', (data, binary) => {
        if (String(data) === 'leave') socket.close(4000, 'gone');
        else socket.send(data, { binary });
      });
    });
    await once(server, 'listening');
    url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/chat`;
  });

  after(async () => {
    for (const client of server.clients) client.terminate();
    server.close();
    await site.close();
  });

  const runK6 = (name: string, text: string) =>
    runToEnd(folder.write(name, text), settings(undefined, { workers: 1, env: { URL: url, SITE: site.url } }));
  const whole = ({ metrics }: Summary, name: string) => metrics[name]?.windows.whole?.count ?? 0;
  const ofThresholds = ({ thresholds }: Summary) => thresholds.filter(({ ok }) => !ok).map(({ metric }) => metric);

  it('are awaited by ws.connect, with handlers one after the other, timers and metrics', async () => {
    const summary = await runK6(
      'connect.js',
      `import ws from 'k6/ws';
       import http from 'k6/http';
       import { check } from 'k6';
       export const options = { iterations: 2, thresholds: {
         checks: ['rate==1'], 'ws_sessions{kind:chat}': ['count==2'], ws_msgs_sent: ['count==8'], ws_msgs_received: ['count==6'],
         ws_ping: ['max<10000'], ws_connecting: ['max<10000'], ws_session_duration: ['min>0'], http_reqs: ['count==2'] } };
       export default function () {
         const seen = [];
         const jar = http.cookieJar();
         jar.set(__ENV.URL.replace('ws', 'http'), 'id', '7');
         const response = ws.connect(__ENV.URL, { headers: { a: 'b' }, tags: { kind: 'chat' } }, (socket) => {
           socket.on('open', () => { socket.send('hi'); socket.sendBinary(new Uint8Array([1, 2]).buffer); socket.ping(); });
           socket.on('message', (text) => { if (text === 'hi') http.get(__ENV.SITE + '/anything'); seen.push(text); });
           socket.on('binaryMessage', (bytes) => seen.push(bytes.byteLength));
           socket.on('pong', () => seen.push('pong'));
           socket.on('close', (code) => seen.push(code));
           socket.setTimeout(() => { socket.setInterval(() => socket.send('never'), 60000); socket.send(5); }, 5);
           socket.setTimeout(() => socket.send('leave'), 150);
         });
         check(response, {
           upgraded: (r) => r.status === 101 && r.headers.Upgrade === 'websocket' && r.error === '',
           seen: () => seen.filter((each) => each !== '5').join() === 'hi,2,pong,4000',
         });
       }`,
    );
    assert.deepEqual([summary.errors, ofThresholds(summary)], [[], []]);
    assert.deepEqual(asked.slice(0, 2), ['b', 'id=7']);
  });

  it('of k6/websockets keep their iteration, and tell what happened', async () => {
    const summary = await runK6(
      'class.js',
      `import { WebSocket } from 'k6/websockets';
       import { check } from 'k6';
       export const options = { iterations: 1, thresholds: { checks: ['rate==1'], ws_sessions: ['count==2'] } };
       export default function () {
         const one = new WebSocket(__ENV.URL, null, { headers: { a: 'c' } });
         check(one, { connecting: (s) => s.readyState === 0 && s.url === __ENV.URL });
         one.binaryType = 'arraybuffer';
         one.onopen = () => { one.send(new Uint8Array([1, 2, 3])); one.ping(); };
         one.addEventListener('message', ({ data, type }) => {
           check(data, { bytes: (d) => type === 'message' && d.byteLength === 3 });
           one.close(1000, 'enough');
         });
         one.onclose = ({ code }) => check(code, { closed: (c) => c === 1000 && one.readyState === 3 });
         const none = new WebSocket('ws://127.0.0.1:1/');
         none.onerror = ({ error }) => check(error, { refused: (e) => e.includes('ECONNREFUSED') });
         none.onclose = () => { check(0, { after: () => true }); throw new Error('in a handler'); };
       }`,
    );
    assert.deepEqual(ofThresholds(summary), []);
    assert.deepEqual(summary.checks.map(({ name, passes }) => [name, passes]).sort(), [
      ['after', 1],
      ['bytes', 1],
      ['closed', 1],
      ['connecting', 1],
      ['refused', 1],
    ]);
    assert.deepEqual(
      summary.errors.map(({ message }) => message),
      ['in a handler'],
    );
  });

  it('fail without an exception where nobody answers, and end with what a handler throws', async () => {
    const summary = await runK6(
      'fails.js',
      `import ws from 'k6/ws';
       import { check } from 'k6';
       export const options = { iterations: 1, thresholds: { checks: ['rate==1'] } };
       export default function () {
         const response = ws.connect('ws://127.0.0.1:1/', null, () => {});
         check(response, { refused: (r) => r.status === 0 && r.error.includes('ECONNREFUSED') });
         ws.connect(__ENV.URL, (socket) => socket.on('open', () => { throw new Error('no more'); }));
       }`,
    );
    assert.deepEqual([ofThresholds(summary), summary.errors[0]?.message], [[], 'no more']);
  });

  it('are ended with the load', async () => {
    const summary = await runK6(
      'ends.js',
      `import ws from 'k6/ws';
       export const options = { scenarios: { a: { executor: 'constant-vus', vus: 2, duration: '1s', gracefulStop: '0s' } } };
       export default () => ws.connect(__ENV.URL, (socket) => socket.on('open', () => socket.send('hi')));`,
    );
    assert.deepEqual([summary.run.exitCode, summary.errors], [0, []]);
    assert.deepEqual([whole(summary, 'interrupted_iterations'), whole(summary, 'ws_msgs_received')], [2, 2]);
  });
});
