import { randomUUID } from 'node:crypto';
import type { Api } from '../../api/index.js';
import { parseDuration } from '../../clock.js';

/** Stage of a ramping scenario. */
interface Stage {
  readonly duration: string | number;
  readonly target: number;
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** Functions of k6's script `k6-utils` of one VU. */
export function utilsFor(api: Api) {
  const { exec, random } = api;
  const stagesOf = (): readonly Stage[] => {
    const scenario = exec.test.options.scenarios?.[exec.scenario.name] as
      | { readonly stages?: readonly Stage[] }
      | undefined;
    if (!scenario?.stages) throw new Error('getCurrentStageIndex: the scenario has no stages');
    return scenario.stages;
  };
  const getCurrentStageIndex = (): number => {
    const stages = stagesOf();
    const passed = Date.now() - exec.scenario.startTime;
    let end = 0;
    const index = stages.findIndex(({ duration }) => {
      end += parseDuration(duration) ?? 0;
      return passed <= end;
    });
    return index < 0 ? stages.length - 1 : index;
  };
  const randomIntBetween = (least: number, most: number) => Math.floor(random() * (most - least + 1) + least);
  return {
    randomIntBetween,
    randomItem: <Item>(items: readonly Item[]) => items[Math.floor(random() * items.length)],
    randomString: (length: number, from = LETTERS) =>
      Array.from({ length }, () => from[Math.floor(random() * from.length)]).join(''),
    uuidv4: () => randomUUID(),
    findBetween,
    normalDistributionStages,
    getCurrentStageIndex,
    tagWithCurrentStageIndex() {
      exec.vu.tags.stage = String(getCurrentStageIndex());
    },
    tagWithCurrentStageProfile() {
      const stages = stagesOf();
      const index = getCurrentStageIndex();
      const { target = 0 } = stages[index] ?? {};
      const before = index === 0 ? 0 : (stages[index - 1]?.target ?? 0);
      exec.vu.tags.stage_profile = target > before ? 'ramp-up' : target < before ? 'ramp-down' : 'steady';
    },
  };
}

/** First text between two others, or with `repeat` all of them. Null, or an empty list, where there is none. */
function findBetween(content: string, left: string, right: string, repeat = false): string | null | string[] {
  const found: string[] = [];
  for (let at = content.indexOf(left); at >= 0; ) {
    const start = at + left.length;
    const end = content.indexOf(right, start);
    if (end < 0) break;
    found.push(content.slice(start, end));
    if (!repeat) break;
    at = content.indexOf(left, end + right.length);
  }
  return repeat ? found : (found[0] ?? null);
}

/** Stages whose targets follow a bell curve. `most` users at its middle, over a time in seconds. */
function normalDistributionStages(most: number, seconds: number, count = 10): Stage[] {
  const step = seconds / (count + 2);
  const heights = Array.from({ length: count }, (_, index) =>
    Math.exp(-(((index - (count - 1) / 2) / count) ** 2) * 18),
  );
  const peak = Math.max(...heights);
  const targets = [0, ...heights.map((height) => Math.ceil((height / peak) * most)), 0];
  return targets.map((target) => ({ duration: `${Math.ceil(step)}s`, target }));
}
