import { didYouMean } from '../errors.js';
import { plainObject } from '../schema.js';
import type { Layer } from './layers.js';
import { optionsShape } from './option-table.js';

/** Options for k6's cloud, which do not concern the load. */
const IGNORED: readonly string[] = ['cloud', 'ext', 'features'];

/** Removes options for k6's cloud, which any script may carry. */
export function withoutCloud(options: unknown): unknown {
  const given = plainObject(options);
  if (!given || !IGNORED.some((name) => name in given)) return options;
  return Object.fromEntries(Object.entries(given).filter(([name]) => !IGNORED.includes(name)));
}

/** Options of k6 that have no effect here. */
const WITHOUT_EFFECT: readonly string[] = [
  ...[
    'blacklistIPs',
    'blockHostnames',
    'consoleOutput',
    'discardResponseBodies',
    'dns',
    'hosts',
    'httpDebug',
    'linger',
  ],
  ...['localIPs', 'noConnectionReuse', 'noUsageReport', 'noVUConnectionReuse', 'paused', 'rps', 'summaryTimeUnit'],
  ...['summaryTrendStats', 'systemTags', 'tlsAuth', 'tlsCipherSuites', 'tlsVersion', 'metricSamplesBufferSize'],
];

/**
 * Reads options of a k6 script by k6's rules. Null is not set, an unknown option has no effect, and a number of users
 * beside scenarios has none either. Warnings go to `warn`.
 */
export function k6Options(options: unknown, warn: (text: string) => void): unknown {
  const given = plainObject(options);
  if (!given) return options ?? {};
  const known = Object.keys(optionsShape.entries);
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    if (value === null || value === undefined) continue;
    if (known.includes(name)) kept[name] = value;
    else if (WITHOUT_EFFECT.includes(name)) warn(`options.${name} of k6 has no effect here`);
    else warn(`options.${name}: there is no such option, so it has no effect${didYouMean(name, known)}`);
  }
  if (plainObject(kept.scenarios) && kept.vus !== undefined) {
    warn('options.vus has no effect beside scenarios');
    delete kept.vus;
  }
  if (Array.isArray(kept.stages) && kept.stages.length === 0) {
    warn('options.stages is empty: one user runs one iteration');
    delete kept.stages;
  }
  return kept;
}

/** Defaults that differ in a k6 script. A user without a server does not pause; no sample is no failure. */
export function k6Defaults(folder: string): Layer {
  return {
    name: 'k6',
    folder,
    options: { connectBackoff: 0, allowEmptyThresholds: true },
    placeOf: (path) => path,
  };
}
