import type { Api } from '../../api/index.js';
import type { VuState } from '../vu-state.js';
import { K6CookieJar } from './cookie-jar.js';
import { awaitedCheck, coreFor } from './core.js';
import { crypto } from './crypto.js';
import { csvFor } from './csv.js';
import { encoding } from './encoding.js';
import { filesFor, settled } from './files.js';
import { parseHtml } from './html.js';
import { k6HttpFor } from './http.js';
import { from, inTurn } from './in-turn.js';
import { k6MetricsFor } from './metrics.js';
import { utilsFor } from './random-picks.js';
import { secretsFor } from './secrets.js';
import { summaryFor } from './summary.js';
import { timersFor } from './timers.js';
import { websocketsFor } from './websockets.js';
import { wsFor } from './ws.js';

export { K6CookieJar };

type Module = Readonly<Record<string, unknown>>;

/** Modules of k6 for one VU, and functions that the compiler calls. */
export interface K6 {
  /** Module by its name. Its exports are properties of its default export too. */
  readonly module: (name: string) => Module;
  readonly inTurn: typeof inTurn;
  readonly from: typeof from;
  readonly check: ReturnType<typeof awaitedCheck>;
  readonly settled: typeof settled;
}

/** Makers of the modules; one that no script imports is never made. */
const MODULES: Readonly<Record<string, (vu: VuState, api: Api) => Module>> = {
  k6: coreFor,
  'k6/http': k6HttpFor,
  'k6/metrics': k6MetricsFor,
  'k6/data': (_, { SharedArray }) => ({ SharedArray }),
  'k6/execution': (_, { exec }) => ({ ...exec }),
  'k6/timers': timersFor,
  'k6/encoding': () => encoding,
  'k6/crypto': () => crypto,
  'k6/html': () => ({ parseHTML: (text: unknown) => parseHtml(String(text)) }),
  'k6/secrets': secretsFor,
  'k6/experimental/fs': filesFor,
  'k6/experimental/csv': csvFor,
  'k6/experimental/webcrypto': () => ({ crypto: globalThis.crypto }),
  'k6/experimental/streams': () => ({
    ReadableStream,
    WritableStream,
    CountQueuingStrategy,
    ByteLengthQueuingStrategy,
  }),
  'k6/ws': wsFor,
  'k6/websockets': (vu) => websocketsFor(vu, 'blob'),
  'k6/experimental/websockets': (vu) => websocketsFor(vu, 'arraybuffer'),
  'jslib/k6-utils': (_, api) => utilsFor(api),
  'jslib/k6-summary': (_, api) => summaryFor(api),
};

/** Modules of k6 for one VU. */
export function k6For(vu: VuState, api: Api): K6 {
  const made = new Map<string, Module>();
  const module = (name: string): Module => {
    const known = made.get(name);
    if (known) return known;
    const make = MODULES[name];
    if (!make) throw new Error(`there is no module ${name}`);
    const exports = make(vu, api);
    const whole = Object.defineProperty({ ...exports, default: exports }, '__esModule', { value: true });
    made.set(name, whole);
    return whole;
  };
  return { module, inTurn, from, check: awaitedCheck(vu), settled };
}
