import assert from 'node:assert/strict';
import { type AddressInfo, createServer } from 'node:net';
import { httpServer, httpUsers } from './user.js';

describe("an HTTP request's time", () => {
  const server = httpServer();
  const secure = httpServer({ tls: true });
  const user = httpUsers();

  it('goes into opening a connection once, TLS included', async () => {
    const given = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    try {
      const { http } = user();
      const url = `${secure.url.replace('127.0.0.1', 'localhost')}/bytes/1`;
      const { timings: first } = await http.get(url);
      assert.ok(first.looking_up > 0 && first.connecting > 0 && first.tls_handshaking > 0, JSON.stringify(first));
      assert.ok(first.blocked >= first.looking_up + first.connecting + first.tls_handshaking, JSON.stringify(first));
      const { timings: second } = await http.get(url);
      assert.deepEqual([second.looking_up, second.connecting, second.tls_handshaking], [0, 0, 0]);
    } finally {
      if (given === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
      else process.env.NODE_TLS_REJECT_UNAUTHORIZED = given;
    }
  });

  it('is waiting until the first byte, and receiving until the last', async () => {
    const { http } = user();
    const late = await http.get(`${server.url}/delay/80`);
    assert.ok(late.timings.waiting >= 75, `${late.timings.waiting} ms`);
    const slow = await http.get(`${server.url}/slow/40`);
    assert.ok(slow.timings.receiving >= 70, JSON.stringify(slow.timings));
    for (const { timings } of [late, slow]) {
      assert.equal(timings.duration, timings.sending + timings.waiting + timings.receiving);
    }
  });

  it('is sending until the kernel has taken everything', async () => {
    const lazy = createServer({ pauseOnConnect: true }, (socket) => {
      setTimeout(() => {
        let left = BODY.length;
        socket.on('data', (bytes) => {
          left -= bytes.length;
          if (left <= 0) socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
        });
        socket.resume();
      }, 250);
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => lazy.once('listening', resolve));
    const { http } = user();
    const url = `http://127.0.0.1:${(lazy.address() as AddressInfo).port}/`;
    const { timings, status } = await http.post(url, BODY);
    lazy.close();
    assert.equal(status, 200);
    assert.ok(timings.sending >= 60, `${timings.sending} ms`);
  });

  it('goes with every byte that crossed the socket', async () => {
    const { http, exchanges } = user();
    await http.post(`${server.url}/bytes/1000`, 'x'.repeat(500));
    const [exchange] = exchanges;
    const sent = exchange?.bytesSent ?? 0;
    const received = exchange?.bytesReceived ?? 0;
    assert.ok(sent > 500 && sent < 800, `${sent} bytes`);
    assert.ok(received > 1000 && received < 1400, `${received} bytes`);
  });
});

/** More than any socket buffers. */
const BODY = Buffer.alloc(32 * 1024 * 1024);
