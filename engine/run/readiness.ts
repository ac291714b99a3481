import { listModels } from '../client/list-models.js';
import { PROTOCOLS } from '../client/protocols/index.js';
import { Secrets } from '../client/secrets.js';
import { parseTarget, publicUrl, type Target } from '../client/target.js';
import { Connection } from '../client/transport/connection.js';
import { Transport } from '../client/transport/transport.js';
import type { Clock } from '../clock.js';
import type { GivenBy, Settings } from '../options/settings.js';
import { type TimingOptions, timingOf } from '../options/timing.js';
import { prepare } from './prepare.js';
import { checkAddress } from './resolve-targets.js';
import { readTransport } from './transport-files.js';

/** State of a server: not reachable, starting, or ready. */
export type ServerState = 'unreachable' | 'starting' | 'ready';

/** Checks the readiness of a run's servers. Resolves to each address, without secrets, and its state. */
export type ReadinessCheck = () => Promise<readonly { readonly address: string; readonly state: ServerState }[]>;

/** Readiness check, the keys that it sends, and their redaction. */
export interface Readiness {
  readonly look: ReadinessCheck;
  readonly keys: readonly string[];
  readonly redact: (text: string) => string;
}

/** Timeout of an answer, in milliseconds. A server that loads its model may keep the connection open. */
const PATIENCE = 5000;

/** Prepares a readiness check over the run's transport. Throws a UserError, as the run would. */
export async function readinessCheck(
  file: string,
  settings: Settings,
  by: GivenBy = 'program',
  given: TimingOptions = {},
): Promise<Readiness> {
  const timing = timingOf(given);
  const { bundle, plan, env } = await prepare(file, settings, by, timing);
  await bundle.dispose();
  const { baseUrls, apiKey, places } = plan.target;
  for (const baseUrl of baseUrls) checkAddress(baseUrl, places.baseUrl);
  const transport = new Transport(await readTransport(plan.transport, env));
  const secrets = new Secrets();
  const keys = apiKey === undefined ? [] : [apiKey];
  secrets.add(...keys);
  const look = () =>
    Promise.all(
      baseUrls.map(async (baseUrl) => {
        const target = parseTarget({ baseUrl, apiKey, model: '' });
        return { address: publicUrl(baseUrl), state: await stateOf(target, transport, timing.clock) };
      }),
    );
  return { look, keys, redact: secrets.redact };
}

async function stateOf(target: Target, transport: Transport, clock: Clock): Promise<ServerState> {
  const connection = new Connection(target.origin, transport, clock);
  try {
    const { status, models } = await listModels(PROTOCOLS.chat, target, connection, PATIENCE);
    // Whether the key is right is said by the preflight of the run.
    if (models || status === 401 || status === 403) return 'ready';
    const request = { method: 'GET', path: '/health', headers: { ...target.headers } } as const;
    const timeouts = { headersTimeout: PATIENCE, bodyTimeout: PATIENCE };
    const health = await connection.request({ ...request, ...timeouts });
    return health.status === 200 ? 'ready' : 'starting';
  } catch {
    return 'unreachable';
  } finally {
    connection.close();
  }
}
