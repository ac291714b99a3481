import { listenHttp2 } from '../support/http2-server.js';
import { listen } from '../support/misbehaving-server.js';
import { HTTP2_FAULTS } from './http2.js';
import { listenOpening, OPENING_FAULTS } from './openings.js';
import { actorOf, FAULTS, SOUND } from './table.js';

/** Base URLs of the servers of this process. */
export interface Served {
  readonly plain: string;
  readonly http2: string;
  /** In the order of OPENING_FAULTS. */
  readonly openings: readonly string[];
}

/** Serves the fault table. Answers each message with the open sockets over HTTP/1.1. */
async function serve(): Promise<void> {
  const plain = await listen(actorOf([SOUND, ...Object.values(FAULTS).flat()]));
  const http2 = await listenHttp2(actorOf(HTTP2_FAULTS));
  const openings = await Promise.all(OPENING_FAULTS.map(listenOpening));
  const served: Served = { plain: plain.url, http2: http2.url, openings: openings.map(({ url }) => url) };
  process.send?.(served);
  process.on('message', () => process.send?.(plain.sockets.filter(({ destroyed }) => !destroyed).length));
}

await serve();
