import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readAddress } from '../../../../engine/client/http/address.js';
import { type HttpExchange, openHttpExchange } from '../../../../engine/client/http/http-exchange.js';
import { timingsOf } from '../../../../engine/client/http/timings.js';

/** An exchange that was sent at 100, with these instants. */
function exchange(instants: Partial<HttpExchange>, origin = 'https://host'): HttpExchange {
  const address = readAddress(`${origin}/`, undefined);
  assert.ok(address);
  return { ...openHttpExchange({ method: 'GET', address, headers: [], body: undefined }, 100), ...instants };
}

const NONE = {
  duration: 0,
  blocked: 0,
  looking_up: 0,
  connecting: 0,
  tls_handshaking: 0,
  sending: 0,
  waiting: 0,
  receiving: 0,
};

describe("k6's division of a request's time", () => {
  const opening = { startedAt: 101, lookedUpAt: 103, connectedAt: 108, securedAt: 120 };
  for (const [what, given, expected] of [
    [
      'a request over a new connection',
      exchange({ opening, startedAt: 121, wroteAt: 123, firstByteAt: 130, endedAt: 150 }),
      {
        blocked: 21,
        looking_up: 2,
        connecting: 5,
        tls_handshaking: 12,
        sending: 2,
        waiting: 7,
        receiving: 20,
        duration: 29,
      },
    ],
    [
      'a new connection to an IP address, without TLS',
      exchange(
        {
          opening: { ...opening, lookedUpAt: 0, securedAt: 0 },
          startedAt: 109,
          wroteAt: 109,
          firstByteAt: 110,
          endedAt: 110,
        },
        'http://host',
      ),
      { blocked: 9, connecting: 7, waiting: 1, duration: 1 },
    ],
    [
      'a request over a connection that was there',
      exchange({ startedAt: 101, wroteAt: 102, firstByteAt: 104, endedAt: 107 }),
      { blocked: 1, sending: 1, waiting: 2, receiving: 3, duration: 6 },
    ],
    [
      'an answer before everything was written',
      exchange({ startedAt: 101, wroteAt: 150, firstByteAt: 104, endedAt: 160 }),
      { blocked: 1, sending: 3, receiving: 56, duration: 59 },
    ],
    [
      'a request that was never answered',
      exchange({ startedAt: 101, wroteAt: 102, endedAt: 500 }),
      { blocked: 1, sending: 1, waiting: 398, duration: 399 },
    ],
    [
      'a request that was not written to its end',
      exchange({ startedAt: 101, endedAt: 110 }),
      { blocked: 1, sending: 9, duration: 9 },
    ],
    [
      'a connection that was refused',
      exchange({ opening: { startedAt: 101, lookedUpAt: 102, connectedAt: 0, securedAt: 0 }, endedAt: 105 }),
      { blocked: 5, looking_up: 1, connecting: 3 },
    ],
    [
      'a certificate that was refused',
      exchange({ opening: { ...opening, securedAt: 0 }, endedAt: 110 }),
      { blocked: 10, looking_up: 2, connecting: 5, tls_handshaking: 2 },
    ],
  ] as const) {
    it(`fits ${what}`, () => {
      assert.deepEqual(timingsOf(given), { ...NONE, ...expected });
    });
  }

  it('adds up and is never negative', () => {
    const instant = fc.option(fc.integer({ min: 100, max: 1000 }), { nil: undefined });
    fc.assert(
      fc.property(
        instant,
        instant,
        instant,
        fc.integer({ min: 100, max: 1000 }),
        (startedAt, wroteAt, firstByteAt, endedAt) => {
          const timings = timingsOf(exchange({ startedAt, wroteAt, firstByteAt, endedAt }));
          for (const ms of Object.values(timings)) assert.ok(ms >= 0);
          assert.equal(timings.duration, timings.sending + timings.waiting + timings.receiving);
        },
      ),
    );
  });
});
