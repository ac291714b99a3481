import type { ReadLayer } from './layers.js';
import type { Problem } from './scenario-options.js';

/** Shorthand options for the amount of load. */
const SHORTCUTS = ['vus', 'duration', 'iterations', 'stages'] as const;

type Shortcut = (typeof SHORTCUTS)[number];
type Shortcuts = Pick<ReadLayer['sound'], Shortcut>;

const LIST = new Intl.ListFormat('en-GB');

/** Chosen load. */
export interface ChosenLoad {
  readonly scenarios: Readonly<Record<string, unknown>>;
  /** Place of a scenario field, as the user wrote it. */
  readonly placeOf: (where: string) => string;
  /** Base folder of paths in the scenarios. */
  readonly folder: string;
}

/**
 * Chooses the scenarios over all layers, the lowest first. As in k6: shortcuts replace the scenarios of lower layers,
 * and scenarios their shortcuts; a duration, iterations or stages replace all three of these; a number of users alone
 * leaves the rest of the load as it is. Undefined where a layer has something that cannot be read.
 */
export function chooseLoad(
  layers: readonly ReadLayer[],
  problems: Problem[],
  warn: (text: string) => void,
): ChosenLoad | undefined {
  let scenarios: ReadLayer | undefined;
  let shortcuts: Shortcuts = {};
  let readable = true;
  const origins = new Map<string, ReadLayer>();
  for (const layer of layers) {
    const { sound, said, placeOf } = layer;
    const given = SHORTCUTS.filter((name) => sound[name] !== undefined);
    if (sound.scenarios) {
      for (const name of given) {
        problems.push({
          where: placeOf(name),
          message: 'excludes scenarios: say in one of them how much load there is',
        });
      }
      scenarios = layer;
      shortcuts = {};
      readable = true;
      continue;
    }
    if (said.some((name) => !(name in sound) && isOfLoad(name))) readable = false;
    if (given.length === 0) continue;
    if (scenarios)
      warn(
        `the scenarios of ${scenarios.name} are replaced by ${LIST.format(given.map((name) => layer.nameOf(name)))}`,
      );
    scenarios = undefined;
    if (given.some((name) => name !== 'vus')) shortcuts = { vus: shortcuts.vus };
    for (const name of given) origins.set(name, layer);
    shortcuts = { ...shortcuts, ...Object.fromEntries(given.map((name) => [name, sound[name]])) };
  }
  if (!readable) return undefined;
  if (scenarios) {
    const { sound, placeOf, folder } = scenarios;
    return { scenarios: sound.scenarios ?? {}, placeOf, folder };
  }
  const placeOf = (name: string) => origins.get(name)?.placeOf(name) ?? name;
  const { stages, ...others } = shortcuts;
  for (const name of ['duration', 'iterations'] as const) {
    if (!stages || others[name] === undefined) continue;
    const other = origins.get(name)?.nameOf(name) ?? name;
    problems.push({ where: placeOf('stages'), message: `excludes ${other}: use one of the two` });
  }
  return {
    scenarios: { default: expand(shortcuts) },
    folder: '',
    placeOf: (where) => placeOf(shortcutOf(where.replace(/^scenarios\.default\./, ''))),
  };
}

function isOfLoad(name: string): boolean {
  return name === 'scenarios' || SHORTCUTS.some((shortcut) => shortcut === name);
}

/** Scenario equivalent to the shortcuts. */
function expand({ vus, duration, iterations, stages }: Shortcuts): Record<string, unknown> {
  if (stages) return { executor: 'ramping-vus', startVUs: vus, stages };
  if (iterations !== undefined) return { executor: 'shared-iterations', vus, iterations, maxDuration: duration };
  if (duration !== undefined) return { executor: 'constant-vus', vus, duration };
  if (vus !== undefined) return { executor: 'shared-iterations', vus, iterations: vus };
  return { executor: 'per-vu-iterations' };
}

/** Shortcut behind a field of a scenario. */
function shortcutOf(field: string): string {
  if (field === 'exec') return 'export default';
  if (field === 'startVUs') return 'vus';
  return field === 'maxDuration' ? 'duration' : field;
}
