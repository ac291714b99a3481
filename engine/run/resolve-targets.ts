import { type Found, preflight, type ResolvedTargets } from '../client/preflight.js';
import { parseTarget, publicUrl } from '../client/target.js';
import { Transport } from '../client/transport/transport.js';
import type { Clock } from '../clock.js';
import { configError, UserError } from '../errors.js';
import type { Plan, PlannedTarget } from '../options/plan.js';
import { readTransport } from './transport-files.js';

/** Finds the servers under test and their transport; `env` names the proxies. */
export async function findTargets(
  plan: Pick<Plan, 'target' | 'transport'>,
  env: Readonly<Record<string, string | undefined>>,
  clock: Clock,
  signal?: AbortSignal,
): Promise<ResolvedTargets> {
  const { baseUrls, apiKey, places } = plan.target;
  for (const baseUrl of baseUrls) checkAddress(baseUrl, places.baseUrl);
  const warnings: string[] = [];
  const transport = await readTransport(plan.transport, env, (text) => warnings.push(text));
  // A reader in C would be a thread of its own for two requests.
  const way = new Transport({ ...transport, reader: 'js' });
  const labels = labelsOf(baseUrls);
  let { model } = plan.target;
  const targets: Found[] = [];
  for (const [index, baseUrl] of baseUrls.entries()) {
    const address = { baseUrl, apiKey, ...(labels[index] !== undefined && { label: labels[index] }) };
    const found = plan.target.preflight
      ? await preflight({ ...address, model }, way, clock, plan.target.protocol, signal)
      : { ...address, model: model ?? noModel(plan.target), simulated: false };
    // All are replicas: what the first serves, the others have to serve as well.
    model ??= found.model;
    targets.push(found);
  }
  warnings.push(...targets.flatMap(({ warning }) => warning ?? []));
  return { targets, transport, warnings };
}

function noModel({ places }: PlannedTarget): never {
  throw configError(
    places.preflight,
    'without the preflight, the model must be given',
    'set it with --model or options.model',
  );
}

/** Throws the error of an invalid address, with its place. */
export function checkAddress(baseUrl: string, where: string): void {
  try {
    parseTarget({ baseUrl, model: '' });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { message, hint, exitCode } = error;
    throw new UserError(message, { where, hint, exitCode });
  }
}

/** Labels of several servers: host and port. The whole address where those are ambiguous. */
function labelsOf(baseUrls: readonly string[]): readonly string[] {
  const addresses = baseUrls.map(publicUrl);
  if (new Set(addresses).size < 2) return [];
  const hosts = addresses.map((address) => address.replace(/^https?:\/\/([^/]+).*$/, '$1'));
  return new Set(hosts).size === new Set(addresses).size ? hosts : addresses;
}
