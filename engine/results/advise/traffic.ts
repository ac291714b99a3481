import { mean } from '../group/figure.js';
import type { Group } from '../group/grouping.js';
import { settingFigure } from '../group/setting.js';

/** Shape of the requests of some runs. */
export interface Traffic {
  /** Mean tokens of a prompt and of an answer. */
  readonly input: number;
  readonly output: number;
  /** Mean milliseconds between an answer and the user's next request. */
  readonly thinking: number;
}

/** Mean traffic of some groups; undefined if their records lack it. */
export function trafficOf(groups: readonly Pick<Group, 'settings'>[]): Traffic | undefined {
  const settings = groups.flatMap((group) => group.settings);
  const inputs = settings.flatMap(({ tokens }) => tokens.input?.mean ?? []);
  const outputs = settings.flatMap(({ tokens }) => tokens.output?.mean ?? []);
  if (inputs.length === 0 || outputs.length === 0) return undefined;
  const thinking = settings.flatMap((setting) => {
    const rate = settingFigure(setting, 'llm_requests_per_second', 'value')?.value;
    const e2e = settingFigure(setting, 'llm_e2e', 'avg')?.value;
    // By Little's law users = requests/s · (E2E + thinking). Below a tenth of E2E the difference is within the error.
    if (setting.level.kind !== 'users' || !rate || !e2e) return [];
    const rest = (1000 * setting.level.value) / rate - e2e;
    return [rest < e2e / 10 ? 0 : rest];
  });
  return {
    input: mean(inputs),
    output: mean(outputs),
    thinking: thinking.length === 0 ? 0 : thinking.toSorted((a, b) => a - b)[Math.floor(thinking.length / 2)]!,
  };
}
