import type { LeftOut, RecordedRun } from '../recorded-run.js';
import type { Figure } from './figure.js';
import { type Group, type Grouping, groupName, groupRuns, withScenario } from './grouping.js';
import { countOf, labelOf } from './label.js';
import { isBeyond, labelledDeployment, type ModelFigures, modelFigures } from './model-figures.js';
import { columnName, type Family, families, type Ranking, rankings, settingAt } from './ranking.js';
import { seedsApart } from './requests-apart.js';
import { type Setting, settingFigure } from './setting.js';
import { type Trade, trades } from './tradeoff.js';

/** Figures of a setting in tables, charts and files. */
export const SETTING_FIGURES = [
  ['llm_output_tokens_per_second', 'value'],
  ['llm_total_tokens_per_second', 'value'],
  ['llm_requests_per_minute', 'value'],
  ...(['llm_ttft', 'llm_tpot', 'llm_itl', 'llm_e2e'] as const).flatMap((metric) =>
    (['avg', 'med', 'p(95)', 'p(99)'] as const).map((key) => [metric, key] as const),
  ),
  ['llm_user_tokens_per_second', 'med'],
  ['llm_failed', 'rate'],
  ['llm_sessions_per_hour', 'value'],
  ['llm_session_duration', 'med'],
  ['llm_session_duration', 'p(95)'],
  ['llm_session_good', 'rate'],
  ['llm_cache_hit', 'rate'],
] as const satisfies readonly (readonly [metric: string, key: string])[];

/** Metric and aggregation of a setting's figure. */
export type FigureName = `${(typeof SETTING_FIGURES)[number][0]}:${(typeof SETTING_FIGURES)[number][1]}`;

/** Setting with its figures. */
export interface SettingReport {
  readonly group: Group;
  readonly setting: Setting;
  readonly figures: Readonly<Partial<Record<FigureName, Figure>>>;
  readonly model?: ModelFigures;
}

/** Settings of many cards, models and loads, side by side. */
export interface Benchmark extends Grouping {
  readonly settings: readonly SettingReport[];
  readonly families: readonly (Family & { readonly rankings: readonly Ranking[] })[];
  readonly trades: readonly Trade[];
  /** Reasons settings have no MBU and MFU, without duplicates. */
  readonly unknown: readonly string[];
}

/** Benchmark of runs grouped by labels, and by scenario if several. Throws a UserError like groupRuns. */
export function benchmarkOf(
  runs: readonly RecordedRun[],
  asked: readonly string[],
  skipped: readonly LeftOut[] = [],
): Benchmark {
  const by = withScenario(runs, asked);
  const grouping = groupRuns(runs, by, skipped);
  const { groups } = grouping;
  const unknown = new Set<string>();
  const settings = groups.flatMap((group) =>
    group.settings.map((setting): SettingReport => {
      const deployment = labelledDeployment(setting.runs[0]!.record);
      if ('unknown' in deployment) unknown.add(deployment.unknown);
      const model = 'unknown' in deployment ? undefined : modelFigures(setting, deployment);
      return { group, setting, figures: figuresOf(setting), ...(model && { model }) };
    }),
  );
  const found = families(groups, by).map((family) => ({ ...family, rankings: rankings(family) }));
  return {
    ...grouping,
    warnings: [...grouping.warnings, ...otherSeeds(found), ...uncountedCards(groups), ...beyondCards(settings)],
    settings,
    families: found,
    trades: trades(groups),
    unknown: [...unknown],
  };
}

function figuresOf(setting: Setting): SettingReport['figures'] {
  return Object.fromEntries(
    SETTING_FIGURES.flatMap(([metric, key]) => {
      const figure = settingFigure(setting, metric, key);
      return figure ? [[`${metric}:${key}`, figure]] : [];
    }),
  );
}

function otherSeeds(all: readonly Family[]): readonly string[] {
  const names = all.flatMap((family) => {
    const [first, ...others] = family.groups;
    return others.flatMap((group) => {
      const isApart = group.settings.some((setting) => {
        const same = first && settingAt(first, setting.level);
        return same !== undefined && seedsApart(same, setting);
      });
      return first && isApart ? [`${groupName(group)} and ${columnName(family, first)}`] : [];
    });
  });
  if (names.length === 0) return [];
  return [`other prompts, drawn by another seed: ${names.join('; ')}. Give runs that you compare the same --seed`];
}

function uncountedCards(groups: readonly Group[]): readonly string[] {
  return groups.flatMap((group) => {
    const { record } = group.settings[0]!.runs[0]!;
    if (countOf(record, 'tp') !== undefined) return [];
    const says = labelOf(record, 'tp');
    const why = says === undefined ? 'has no label tp' : `says tp=${says}, which is not a number of cards`;
    return [`${groupName(group)} ${why}: one card is assumed`];
  });
}

function beyondCards(settings: readonly SettingReport[]): readonly string[] {
  const names = new Set(settings.flatMap(({ group, model }) => (model && isBeyond(model) ? [groupName(group)] : [])));
  return [...names].map((name) => `${name} exceeds the limits of its cards, by MBU or MFU: its labels must be wrong`);
}
