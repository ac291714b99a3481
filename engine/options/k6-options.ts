import { didYouMean } from '../errors.js';
import { plainObject } from '../schema.js';
import type { Layer } from './layers.js';
import { optionsShape } from './option-table.js';

/** Options for k6's own cloud and extensions, which say nothing about the load. */
const IGNORED: readonly string[] = ['cloud', 'ext'];

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
 * Options of a k6 script by k6's rules: null is not set, an unknown option has no effect, and a number of users beside
 * scenarios has none either. Warnings go to `warn`.
 */
export function k6Options(options: unknown, warn: (text: string) => void): unknown {
  const given = plainObject(options);
  if (!given) return options ?? {};
  const known = Object.keys(optionsShape.entries);
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(given)) {
    if (value === null || value === undefined || IGNORED.includes(name)) continue;
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

/** Defaults of a k6 script where they differ from ours: no pause without a server, and no sample is no failure. */
export function k6Defaults(folder: string): Layer {
  return {
    name: 'k6',
    folder,
    options: { connectBackoff: 0, allowEmptyThresholds: true },
    placeOf: (path) => path,
  };
}
