import type { Reporter } from '../engine/metrics/reporter.js';
import { loadReporter } from '../engine/run/load-reporter.js';
import { isLiveOutput } from '../reporters/core.js';

/** Texts of `--out`, by who writes the report. */
interface OutputTexts {
  /** Formats of this package. */
  readonly formats: readonly string[];
  /** Reports of this package that are sent or served during the run. */
  readonly live: readonly string[];
  /** Modules of the user's: `./my-reporter.ts=PATH`. */
  readonly modules: readonly string[];
}

/** A module's path instead of a format's name; `:OPTION` may follow. */
const MODULE = /^(?<module>[^=]*?\.[mc]?[jt]s)(?<options>(?::[^:=]+)*)=(?<path>.+)$/s;

/** Tells modules of the user's and live reports from formats. */
export function sortOutputs(texts: readonly string[]): OutputTexts {
  return {
    formats: texts.filter((text) => !MODULE.test(text) && !isLiveOutput(text)),
    live: texts.filter(isLiveOutput),
    modules: texts.filter((text) => MODULE.test(text)),
  };
}

/** Opens the reporters of modules. Throws a UserError that names the module. */
export async function openModules(texts: readonly string[]): Promise<readonly Reporter[]> {
  return await Promise.all(
    texts.map((text) => {
      const { module = '', options = '', path = '' } = MODULE.exec(text)?.groups ?? {};
      return loadReporter(module, path, new Set(options.split(':').filter((option) => option !== '')));
    }),
  );
}
