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
  ...['blacklistIPs', 'blockHostnames', 'dns', 'linger', 'localIPs', 'metricSamplesBufferSize', 'noUsageReport'],
  ...['noVUConnectionReuse', 'rps'],
];

/** k6's options of TLS, in our form. */
const TLS: Readonly<Record<string, (value: unknown, warn: (text: string) => void) => object>> = {
  tlsVersion(value) {
    const { min, max } = plainObject(value) ?? { min: value, max: value };
    return { minVersion: versionOf(min), maxVersion: versionOf(max) };
  },
  tlsCipherSuites: (value) => ({ ciphers: [value].flat().map(cipherOf).join(':') }),
  tlsAuth(value, warn) {
    const [first, ...others] = [value].flat();
    if (others.length > 0) warn('options.tlsAuth: the first certificate is shown to all servers, the others to none');
    const { cert, key, password } = plainObject(first) ?? {};
    return { cert, key, ...(password !== undefined && { passphrase: password }) };
  },
};

/** `tls1.2` → `TLSv1.2`. */
function versionOf(name: unknown): string | undefined {
  if (name === undefined || name === null) return undefined;
  return `TLSv${String(name).replace(/^(?:tls|ssl)/, '')}`.replace('TLSv1.0', 'TLSv1');
}

/** `TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256` → `ECDHE-RSA-AES128-GCM-SHA256`. */
function cipherOf(name: unknown): string {
  const text = String(name);
  if (!text.includes('_WITH_')) return text;
  return text
    .replace(/^TLS_(?:RSA_WITH_)?/, '')
    .replace('_WITH_', '-')
    .replace(/AES_(\d+)_CBC_SHA/, 'AES_$1_SHA')
    .replace(/AES_(\d+)/, 'AES$1')
    .replaceAll('_', '-');
}

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
    else if (name in TLS) kept.tls = { ...plainObject(kept.tls), ...TLS[name]?.(value, warn) };
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

/** Reads names that only k6 has. For a script that imports neither k6 nor us. */
export function withoutK6Names(options: unknown, warn: (text: string) => void): unknown {
  const given = plainObject(options);
  if (!given) return options;
  const isTheirs = ([name]: readonly [string, unknown]) => name in TLS || WITHOUT_EFFECT.includes(name);
  const [theirs, others] = [true, false].map((is) =>
    Object.fromEntries(Object.entries(given).filter((entry) => isTheirs(entry) === is)),
  );
  return { ...others, ...(k6Options(theirs, warn) as object) };
}

/** Options that say how much load there is. */
const AMOUNTS: readonly string[] = ['duration', 'iterations', 'stages', 'scenarios'];

/** Removes a number of users that nothing gives work to. In k6 it has no effect, and one user runs one iteration. */
export function withoutLoneUsers(layers: readonly Layer[], warn: (text: string) => void): readonly Layer[] {
  const setsAny = (layer: Layer, names: readonly string[]) =>
    names.some((name) => plainObject(layer.options)?.[name] !== undefined);
  if (layers.some((layer) => setsAny(layer, AMOUNTS))) return layers;
  return layers.map((layer) => {
    if (!setsAny(layer, ['vus'])) return layer;
    warn(`${layer.placeOf('vus')} has no effect without duration, iterations or stages, as in k6`);
    return { ...layer, options: { ...plainObject(layer.options), vus: undefined } };
  });
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
