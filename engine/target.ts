import { type Found, preflight } from './client/preflight.js';
import { publicUrl } from './client/target.js';
import { Transport, type TransportSettings } from './client/transport.js';
import type { Clock } from './clock.js';
import { ExitCode, UserError } from './errors.js';
import type { Plan } from './script/plan.js';
import { readTransport, type TransportOptions } from './transport.js';

/** What was said about the server outside of the scenario file. */
export interface TargetSettings extends TransportOptions {
  /** One server, or several that take turns. */
  readonly baseUrl?: string | readonly string[] | undefined;
  readonly model?: string | undefined;
  readonly apiKey?: string | undefined;
  /** Whether to try the server before the load. */
  readonly preflight: boolean;
  /** The environment, for `OPENAI_BASE_URL`, `OPENAI_API_KEY` and the proxies. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The servers under test and the way to them. Plain data. */
export interface Aim {
  /** None when none was named: a scenario may do without. Of several, each has a label. */
  readonly targets: readonly Found[];
  readonly transport: TransportSettings;
}

/**
 * Finds the servers under test: flags win over the scenario file, which wins over the environment, for `OPENAI_*` may
 * have been set with another server in mind. `folder` is that of the scenario file.
 */
export async function findTargets(plan: Plan, settings: TargetSettings, folder: string, clock: Clock): Promise<Aim> {
  const { env } = settings;
  const baseUrls = [settings.baseUrl ?? plan.target.baseUrl ?? (env.OPENAI_BASE_URL || [])].flat();
  const transport = await readTransport(plan.transport, settings, folder, baseUrls);
  const way = new Transport(transport);
  const apiKey = settings.apiKey ?? plan.target.apiKey ?? (env.OPENAI_API_KEY || undefined);
  const labels = labelsOf(baseUrls);
  let model = settings.model ?? plan.target.model;
  const targets: Found[] = [];
  for (const [index, baseUrl] of baseUrls.entries()) {
    const address = { baseUrl, apiKey, ...(labels[index] !== undefined && { label: labels[index] }) };
    const found = settings.preflight ? await preflight({ ...address, model }, way, clock) : untried(address, model);
    // All are replicas: what the first serves, the others have to serve as well.
    model ??= found.model;
    targets.push(found);
  }
  return { targets, transport };
}

function untried(address: Pick<Found, 'baseUrl' | 'apiKey' | 'label'>, model: string | undefined): Found {
  if (model !== undefined) return { ...address, model, simulated: false };
  throw new UserError('without the preflight the model has to be named', {
    where: '--no-preflight',
    hint: 'name it with --model or options.model',
    exitCode: ExitCode.invalidConfig,
  });
}

/** What several servers are called: by host and port, or by the whole address where that does not tell them apart. */
function labelsOf(baseUrls: readonly string[]): readonly string[] {
  const addresses = baseUrls.map(publicUrl);
  if (new Set(addresses).size < 2) return [];
  const hosts = addresses.map((address) => address.replace(/^https?:\/\/([^/]+).*$/, '$1'));
  return new Set(hosts).size === new Set(addresses).size ? hosts : addresses;
}
