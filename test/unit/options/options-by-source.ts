import { makePlan } from '../../../engine/options/plan.js';
import { findSources, type GivenBy } from '../../../engine/options/settings.js';
import type { TestFolder } from '../../support/folder.js';
import { fileLayer } from '../script/planned.js';

/** Options by source; a config given as text is the file's content. */
export interface OptionsBySource {
  readonly config?: object | string;
  readonly file?: unknown;
  readonly env?: Readonly<Record<string, string>>;
  readonly flags?: object;
}

/** Plan and warnings that follow from all sources. */
export async function planFrom(
  folder: TestFolder,
  { config, file, env = {}, flags = {} }: OptionsBySource,
  by: GivenBy = 'command line',
) {
  const text = typeof config === 'string' ? config : JSON.stringify(config);
  const path = config === undefined ? {} : { config: folder.write('config.json', text) };
  const { below, above, warnings } = await findSources({ ...flags, ...path, environment: env }, by);
  const all = [...warnings];
  const layers = [...below, fileLayer(file), ...above];
  const plan = makePlan({ layers, functions: ['default'], metrics: {} }, (warning) => all.push(warning));
  return { plan, warnings: all.map((warning) => withoutFolder(folder, warning)) };
}

/** A text with the config file by its name alone. */
export function withoutFolder(folder: TestFolder, text: string): string {
  return text.replaceAll(`${folder.path}/`, '');
}
