import type { Options } from '../api/options.js';
import type { Reporter } from '../metrics/reporter.js';
import { configLayer } from './config-file.js';
import { type Environment, environmentLayer, openaiLayer } from './env-options.js';
import type { Layer } from './layers.js';
import { flagOf } from './option-names.js';
import { readShape, settingsShape } from './scenario-options.js';
import { withJobIndex } from './share-option.js';

/**
 * Settings of a run besides its scenario file. Every option of a scenario can be given here too, and wins over the
 * file, the config file and the environment.
 */
export interface Settings extends Options {
  /** Added to `__ENV` for the scenario, above the environment. */
  readonly env?: Readonly<Record<string, string | number | boolean>>;
  /** A JSON file of options, which lose to those of the scenario. Default: `TOKENSWARM_CONFIG` of the environment. */
  readonly config?: string;
  /**
   * The environment: `__ENV`, `TOKENSWARM_*`, `OPENAI_BASE_URL` and `OPENAI_API_KEY` are taken from it. Default:
   * `process.env`; `{}` makes a run independent of it.
   */
  readonly environment?: Environment;
  /** Receivers of snapshots, requests and the record. */
  readonly reporters?: readonly Reporter[];
  /** Keep rows of requests, in Locust's terms. Default: true; a scenario with `handleSummary` has them anyway. */
  readonly requestRows?: boolean;
  /** URL of a module of reports for `handleSummary`, such as `tokenswarm/reporters`. */
  readonly reportsModule?: string;
}

/** Origin of the settings. Problems name them as they were written: `settings.vus` or `--vus`. */
export type GivenBy = 'program' | 'command line';

/** Settings as sources of options. */
export interface Sources {
  /** Layers below the scenario's own options, the lowest first. */
  readonly below: readonly Layer[];
  /** Layers above them. */
  readonly above: readonly Layer[];
  /** `__ENV` of the scenario. */
  readonly env: Environment;
  readonly warnings: readonly string[];
}

/** Collects the layers of settings, config file and environment. */
export async function findSources(settings: Settings, by: GivenBy): Promise<Sources> {
  const {
    env,
    config,
    environment = process.env,
    reporters: _,
    reportsModule: __,
    requestRows: ___,
    ...options
  } = settings;
  const placeOf = PLACES[by];
  const warnings: string[] = [];
  const { sound, problems } = readShape(settingsShape, { env, config }, '');
  const file = sound.config ?? (environment.TOKENSWARM_CONFIG || undefined);
  return {
    below: [openaiLayer(environment), ...(file === undefined ? [] : [await configLayer(file)])],
    above: [
      environmentLayer(environment, (text) => warnings.push(text)),
      {
        name: `the ${by}`,
        options: withJobIndex(options, environment),
        folder: process.cwd(),
        placeOf,
        problems: problems.map(({ where, message }) => ({ where: placeOf(where), message })),
      },
    ],
    env: { ...environment, ...sound.env },
    warnings,
  };
}

/**
 * `stages[0].target` → `--stage` on the command line, `settings.stages[0].target` in a program. There, thresholds are the
 * objectives of `capacity`.
 */
const PLACES: Readonly<Record<GivenBy, (path: string) => string>> = {
  program: (path) => (path === '' ? 'settings' : `settings.${path}`),
  'command line': (path) => (path.startsWith('thresholds') ? '--slo' : flagOf(path)),
};
