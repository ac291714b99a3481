import type { ServerResponse } from 'node:http';

/** Unsent bytes beyond which tokens wait until the client has read. */
const HIGH_WATER = 4 * 2 ** 20;
/** Unsent and waiting bytes beyond which the connection is closed. */
const MOST_BACKLOG = 16 * 2 ** 20;
/** Most tokens that a lagging stream writes at once. */
const MOST_TOKENS = 1000;

/** Writer of one streamed response's tokens. */
export interface EventStream {
  /** Writes the tokens up to `due`. */
  deliver(due: number): void;
}

/**
 * Sends the headers at once, then due tokens in one write each.
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
