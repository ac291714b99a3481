import type { ServerResponse } from 'node:http';

/** Beyond this much unsent, tokens wait unwritten until the client has read. */
const HIGH_WATER = 4 * 2 ** 20;
/** Beyond this much unsent and waiting, the client is given up. */
const MOST_BACKLOG = 16 * 2 ** 20;
/** A stream that lags writes at most this many tokens at once. */
const MOST_TOKENS = 1000;

/** Writes the tokens of one streamed response as they come due. */
export interface EventStream {
  /** `due` tokens are due by now. */
  deliver(due: number): void;
}

/**
 * Sends the headers at once, then the tokens that are due with `encode(from, upTo)` in one write to the socket.
 *
 * The chunks of the HTTP body are framed here: `response.write` makes four pieces of each and holds them back until the next
 * tick, so that of many streams due together the first would carry a stamp long before its bytes leave.
 */
export function openEventStream(
  response: ServerResponse,
  tokens: number,
  encode: (from: number, upTo: number) => string,
  contentType = 'text/event-stream; charset=utf-8',
): EventStream {
  response.writeHead(200, { 'content-type': contentType, 'cache-control': 'no-cache' });
  response.flushHeaders();
  const { socket } = response;
  const frame = response.chunkedEncoding
    ? (events: string) => `${Buffer.byteLength(events).toString(16)}\r\n${events}\r\n`
    : (events: string) => events;
  let due = 0;
  let written = 0;
  let characters = 0;
  let waiting = false;

  function write(): void {
    if (socket === null || socket.destroyed) return;
    while (written < due && socket.writableLength < HIGH_WATER) {
      const upTo = Math.min(due, written + MOST_TOKENS);
      const events = encode(written, upTo);
      written = upTo;
      characters += events.length;
      if (written === tokens) socket.cork();
      // A token may have no event; an empty chunk would end the body.
      if (events !== '') socket.write(frame(events));
    }
    if (written === tokens) {
      // Corked above: the last events and the end of the body leave together.
      response.end();
      socket.uncork();
    } else if (written < due) {
      wait(socket.writableLength);
    }
  }

  function wait(unsent: number): void {
    if (unsent + ((due - written) * characters) / Math.max(1, written) > MOST_BACKLOG) {
      response.destroy();
    } else if (!waiting) {
      waiting = true;
      socket?.once('drain', () => {
        waiting = false;
        write();
      });
    }
  }

  return {
    deliver(tokensDue) {
      due = tokensDue;
      write();
    },
  };
}
