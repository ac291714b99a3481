import { constants as http2 } from 'node:http2';
import { gzipSync } from 'node:zlib';
import type { H2Call } from '../support/http2-server.js';
import { ANSWER, type FaultOf, SHORT, word } from './fault.js';

const BROKEN = /^the connection broke: /;
/** Begins a stream. One that waits for its trailers does not end by itself when it is closed. */
const begin = ({ stream }: H2Call, headers: object = {}, waitForTrailers = false) => {
  stream.respond({ ':status': 200, 'content-type': 'text/event-stream', ...headers }, { waitForTrailers });
};
const answered =
  (body: string | Buffer, headers: object = {}) =>
  (call: H2Call) => {
    begin(call, headers);
    call.stream.end(body);
  };
/** Sends a token, and does something to the stream a moment later. */
const after = (act: (call: H2Call) => unknown) => (call: H2Call) => {
  begin(call, {}, true);
  call.stream.write(word('Hello'));
  setTimeout(() => act(call), 20);
};
const cut = (name: string, act: (call: H2Call) => unknown, says = BROKEN): FaultOf<H2Call> => ({
  name: `HTTP/2: ${name} in the stream`,
  act: after(act),
  kind: 'stream_cut',
  says,
  text: 'Hello',
});
const unanswered = (name: string, act: (call: H2Call) => unknown, says: RegExp): FaultOf<H2Call> => ({
  name: `HTTP/2: ${name} before the response`,
  act,
  kind: 'connect',
  says,
});

/** Faults of a server over HTTP/2. */
export const HTTP2_FAULTS: readonly FaultOf<H2Call>[] = [
  { name: 'HTTP/2: sound', act: answered(ANSWER), kind: 'success' },
  cut('a reset', ({ stream }) => stream.destroy(new Error('no')), /NGHTTP2_INTERNAL_ERROR/),
  cut('a cancellation', ({ stream }) => stream.close(http2.NGHTTP2_CANCEL), /: the server cancelled the stream$/),
  cut('a reset without an error', ({ stream }) => stream.close(http2.NGHTTP2_NO_ERROR), /./),
  cut('the end of the session', ({ session }) => session.destroy()),
  cut('a closed socket', ({ socket }) => socket.destroy()),
  cut('a reset socket', ({ socket }) => socket.resetAndDestroy()),
  cut('GOAWAY with an error', ({ session }) => session.goaway(http2.NGHTTP2_ENHANCE_YOUR_CALM)),
  cut('frames that are none', ({ socket }) => {
    socket.write('not TLS at all');
    setTimeout(() => socket.destroy(), 100);
  }),
  {
    name: 'HTTP/2: GOAWAY without an error in the stream',
    act: after(({ session, stream }) => {
      session.close();
      stream.end(word(' you') + ANSWER.slice(ANSWER.indexOf(word(' you')) + word(' you').length));
    }),
    kind: 'success',
  },
  unanswered('a refusal', ({ stream }) => stream.close(http2.NGHTTP2_REFUSED_STREAM), /NGHTTP2_REFUSED_STREAM/),
  unanswered('a cancellation', ({ stream }) => stream.close(http2.NGHTTP2_CANCEL), /^the server cancelled the stream$/),
  unanswered(
    'a closed socket',
    ({ socket }) => socket.destroy(),
    /^the server closed the connection without an answer /,
  ),
  unanswered('the end of the session', ({ session }) => session.destroy(), /^the server closed the connection without/),
  {
    name: 'HTTP/2: no end event',
    act: answered(word('Hello')),
    kind: 'stream_cut',
    says: /without a finish reason or \[DONE\]$/,
    text: 'Hello',
  },
  {
    name: 'HTTP/2: no body',
    act: ({ stream }) => stream.respond({ ':status': 200, 'content-type': 'text/event-stream' }, { endStream: true }),
    kind: 'stream_cut',
    says: /without a finish reason or \[DONE\]$/,
  },
  {
    name: 'HTTP/2: 103 before the response',
    act: (call) => {
      call.stream.additionalHeaders({ ':status': 103, link: '</a>' });
      answered(ANSWER)(call);
    },
    kind: 'success',
  },
  {
    name: 'HTTP/2: 503',
    act: ({ stream }) => {
      stream.respond({ ':status': 503, 'content-type': 'application/json' });
      stream.end('{"error":{"message":"overloaded"}}');
    },
    kind: 'http_status',
    says: /^HTTP 503: overloaded$/,
  },
  {
    name: 'HTTP/2: a web page',
    act: answered('<p>Log in</p>', { 'content-type': 'text/html' }),
    kind: 'malformed',
    says: /^expected an event stream, got text\/html: <p>Log in<\/p>$/,
  },
  { name: 'HTTP/2: gzip', act: answered(gzipSync(ANSWER), { 'content-encoding': 'gzip' }), kind: 'success' },
  {
    name: 'HTTP/2: gzip that is none',
    act: answered(Buffer.alloc(100, 0xfe), { 'content-encoding': 'gzip' }),
    kind: 'malformed',
    says: /^the answer cannot be decompressed: /,
  },
  { name: 'HTTP/2: mute', act: () => undefined, kind: 'timeout', says: /^no end after 0.25 s$/, timeouts: SHORT },
  {
    name: 'HTTP/2: half open after a token',
    act: after(() => undefined),
    kind: 'timeout',
    says: /^the stream stalled$/,
    text: 'Hello',
    timeouts: { total: 10_000, idle: 200 },
  },
  {
    name: 'HTTP/2: half open after [DONE]',
    act: (call) => {
      begin(call);
      call.stream.write(ANSWER);
    },
    kind: 'success',
  },
  {
    name: 'HTTP/2: events without end',
    act: (call) => {
      begin(call);
      const block = word('x').repeat(1000);
      const go = () => {
        if (call.stream.destroyed) return;
        if (call.stream.write(block)) setImmediate(go);
        else call.stream.once('drain', go);
      };
      go();
    },
    kind: 'timeout',
    says: /^no end after/,
    timeouts: SHORT,
  },
];
