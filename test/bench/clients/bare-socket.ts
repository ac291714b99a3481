/**
 * Writes as many bytes from bare sockets. The floor of `long-prompts`.
 *
 *     node dist/test/bench/clients/bare-socket.js PORT LANES EVERY BYTES
 */
import { connect } from 'node:net';

const [port = 0, lanes = 0, every = 0, bytes = 0] = process.argv.slice(2).map(Number);
const body = Buffer.alloc(bytes, 'a');
const head = `POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nconnection: keep-alive\r\ncontent-type: application/json\r\naccept: text/event-stream\r\ncontent-length: ${bytes}\r\n\r\n`;

for (let lane = 0; lane < lanes; lane += 1) setTimeout(open, (lane * every) / lanes);

function open(): void {
  const socket = connect(port, '127.0.0.1');
  socket.setNoDelay(true);
  let received = '';
  const send = () => {
    socket.cork();
    socket.write(head, 'latin1');
    socket.write(body);
    socket.uncork();
  };
  socket.on('connect', send);
  socket.on('data', (read: Buffer) => {
    received += read.toString('latin1');
    if (!received.endsWith('[DONE]\n\n')) return;
    received = '';
    setTimeout(send, every);
  });
}
