import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Unread } from '../data/dataset.js';
import { leftOutNote } from '../data/rows.js';
import type { SharedDataset } from '../data/shared-dataset.js';
import { ExitCode, scriptError, UserError } from '../errors.js';
import type { MetricInfo } from '../metrics/catalogue.js';
import { k6EnvironmentLayer, k6Variables, uselessK6Variables } from '../options/env-options.js';
import { k6Defaults, k6Options, withoutCloud, withoutK6Names, withoutLoneUsers } from '../options/k6-options.js';
import { makePlan, type Plan } from '../options/plan.js';
import { findSources, type GivenBy, type Settings } from '../options/settings.js';
import type { Timing } from '../options/timing.js';
import { warnOfUndefined } from '../options/undefined-options.js';
import { type Bundle, bundle } from '../script/bundle.js';
import { compile } from '../script/evaluate.js';
import { load } from '../script/script-exports.js';
import { withinTime } from '../script/time-limit.js';
import { refuseUnknownImports } from '../script/unknown-imports.js';
import { unmeasuredRequests } from '../script/unmeasured-requests.js';
import { unreadVariables } from '../script/unread-variables.js';
import { commonSeed, fingerprintOf } from '../swarm/fingerprint.js';
import { readTokenizerFile } from '../tokens/tokenizer-file.js';
import { doubtOf, doubtsOf } from '../tokens/tokenizer-parts.js';
import { loadK6 } from '../vu/k6/load.js';
import { placeOf } from '../vu/script-error.js';
import { Vu } from '../vu/vu.js';
import { refuseVariables, type WrongVariable } from '../vu/wrong-variables.js';
import { idleThread } from '../workers/thread/idle-thread.js';
import { redirectConsole } from '../workers/thread/script-console.js';

/** Validated scenario file. */
export interface Prepared {
  readonly bundle: Bundle;
  readonly plan: Plan;
  readonly functions: readonly string[];
  readonly metrics: Readonly<Record<string, MetricInfo>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly seed: number;
  /** Identity of script and plan on all machines. Empty where it is one. */
  readonly fingerprint: string;
  /** Data sets of the file, read once for all threads. */
  readonly datasets: readonly SharedDataset[];
  readonly warnings: readonly string[];
}

/**
 * Bundles a scenario, merges options and settings, and makes the plan. Throws a UserError that names every problem.
 */
export async function prepare(
  path: string | URL,
  settings: Settings,
  by: GivenBy,
  { clock, limits }: Timing,
): Promise<Prepared> {
  const { below, above, env, warnings } = await findSources(settings, by);
  const scenario = path instanceof URL && path.protocol === 'file:' ? fileURLToPath(path) : String(path);
  const environment = settings.environment ?? process.env;
  const bundled = await bundle(scenario, { offline: settings.offline ?? environment.TOKENSWARM_OFFLINE === 'true' });
  try {
    await refuseUnknownImports(bundled);
    const { isK6 } = bundled;
    const wrongVariables: WrongVariable[] = [];
    const thread = { ...idleThread({ clock, file: bundled.file, env, isK6 }), wrongVariables };
    if (isK6) await loadK6();
    const evaluate = compile(bundled);
    const evaluateOnce = () => {
      const endConsole = redirectConsole(settings, (text) => text);
      try {
        return new Vu(thread, evaluate, 0, undefined).exports;
      } catch (error) {
        throw isK6 ? asInK6(error) : error;
      } finally {
        endConsole();
        // What else was thrown may well have come of these.
        refuseVariables(wrongVariables);
      }
    };
    const script = load(() => readBetween(String(path), evaluateOnce, limits.evaluation), placeOf);
    const metrics = thread.metrics.all;
    const told = [
      ...warnings,
      ...(await unreadVariables(Object.keys(settings.env ?? {}), bundled)),
      ...(await unmeasuredRequests(bundled)),
      ...warnOfUndefined(script.options),
    ];
    const folder = dirname(bundled.file);
    const tell = (text: string) => void told.push(text);
    const options = withoutCloud(script.options);
    const neutral = bundled.importsOurs ? options : withoutK6Names(options, tell);
    const file = {
      name: 'the file',
      options: isK6 ? k6Options(options, tell) : neutral,
      folder,
      placeOf: (option: string) => option || 'options',
    };
    told.push(...(isK6 ? uselessK6Variables(environment) : k6Variables(environment)));
    const layers = isK6
      ? withoutLoneUsers([k6Defaults(folder), ...below, file, k6EnvironmentLayer(environment), ...above], tell)
      : [...below, file, ...above];
    const made = { layers, functions: script.functions, metrics, isK6 };
    const plan = makePlan(made, tell);
    const { noSetup, noTeardown } = plan.options;
    const functions = script.functions.filter(
      (name) => !(name === 'setup' && noSetup) && !(name === 'teardown' && noTeardown),
    );
    // Found out now, not when the server has been tried.
    if (plan.options.tokenizer !== undefined) {
      const { path, definition } = readTokenizerFile(plan.options.tokenizer);
      for (const doubt of doubtsOf(definition)) thread.datasets.doubts.add(doubtOf(path, doubt));
    }
    const fingerprint = plan.share.count > 1 ? fingerprintOf({ ...bundled, plan }) : '';
    const seed = plan.options.seed ?? (fingerprint ? commonSeed(fingerprint) : Math.floor(Math.random() * 2 ** 32));
    const datasets = thread.datasets.share(seed);
    told.push(...datasets.flatMap(({ rows }) => leftOutNote(rows) ?? []), ...thread.datasets.doubts);
    return { bundle: bundled, plan, functions, metrics, env, seed, fingerprint, datasets, warnings: told };
  } catch (error) {
    await bundled.dispose();
    throw error;
  }
}

/** Error of the top of a k6 script. A missing file is an exception there. */
function asInK6(error: unknown): unknown {
  if (!(error instanceof UserError) || error.exitCode !== ExitCode.invalidConfig) return error;
  return scriptError(error.where, error.message, error.hint);
}

/**
 * Evaluates the file within its time limit. A large data set is read outside of that limit; the file is then evaluated
 * again from its beginning.
 */
function readBetween<Result>(path: string, evaluate: () => Result, longest: number): Result {
  for (;;) {
    try {
      return withinTime(path, evaluate, longest);
    } catch (error) {
      if (!(error instanceof Unread)) throw error;
      withinTime(path, error.read, Number.POSITIVE_INFINITY, 'the reading of a data set');
    }
  }
}
