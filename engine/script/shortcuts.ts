import type { Problem, Shortcuts } from './options.js';

/** Options that say how much load there is in few words. */
export const SHORTCUTS = ['vus', 'duration', 'iterations', 'stages'] as const;

const LIST = new Intl.ListFormat('en-GB');

/** The load that was chosen. */
export interface ChosenLoad {
  readonly scenarios: Readonly<Record<string, unknown>>;
  /** What the user wrote where a scenario now says it. */
  readonly nameOf: (where: string) => string;
}

/** Which scenarios there are: those that the command line's shortcuts stand for, else those of the file. As in k6. */
export function chooseLoad(
  options: Shortcuts & { readonly scenarios?: Readonly<Record<string, unknown>> | undefined },
  flags: Shortcuts,
  problems: Problem[],
  warn: (text: string) => void,
): ChosenLoad {
  const flagged = SHORTCUTS.filter((name) => flags[name] !== undefined);
  if (options.scenarios && flagged.length === 0) {
    for (const where of SHORTCUTS.filter((name) => options[name] !== undefined)) {
      problems.push({ where, message: 'excludes scenarios: say in one of them how much load there is' });
    }
    return { scenarios: options.scenarios, nameOf: (where) => where };
  }
  if (options.scenarios) warn(`the scenarios of the file are replaced by ${LIST.format(flagged.map(flagOf))}`);
  // A number of users alone leaves the rest of the load as it is.
  const base = flagged.some((name) => name !== 'vus') ? { vus: options.vus } : options;
  const nameOf = (name: string) => (flagged.some((flag) => flag === name) ? flagOf(name) : name);
  const shortcuts = { ...base, ...flags };
  return {
    scenarios: { default: expand(shortcuts, nameOf, problems) },
    nameOf: (where) => nameOf(shortcutOf(where.replace(/^scenarios\.default\./, ''))),
  };
}

/** The scenario that shortcuts stand for. */
function expand(
  { vus, duration, iterations, stages }: Shortcuts,
  nameOf: (name: string) => string,
  problems: Problem[],
): Record<string, unknown> {
  if (stages) {
    const others = Object.entries({ duration, iterations }).filter(([, value]) => value !== undefined);
    for (const [name] of others) {
      problems.push({ where: nameOf('stages'), message: `excludes ${nameOf(name)}: use one of the two` });
    }
    return { executor: 'ramping-vus', startVUs: vus, stages };
  }
  if (iterations !== undefined) return { executor: 'shared-iterations', vus, iterations, maxDuration: duration };
  if (duration !== undefined) return { executor: 'constant-vus', vus, duration };
  if (vus !== undefined) return { executor: 'shared-iterations', vus, iterations: vus };
  return { executor: 'per-vu-iterations' };
}

/** `stages` → `--stage`, which is given once for each. */
export function flagOf(name: string): string {
  return name === 'stages' ? '--stage' : `--${name}`;
}

/** The shortcut that became this field of a scenario. */
function shortcutOf(field: string): string {
  if (field === 'exec') return 'export default';
  if (field === 'startVUs') return 'vus';
  return field === 'maxDuration' ? 'duration' : field;
}
