import { type Command, InvalidArgumentError, Option } from 'commander';
import { configError } from '../engine/errors.js';
import type { Environment } from '../engine/options/env-options.js';
import { defaultOf, type ScenarioCommand } from '../engine/options/option.js';
import { OPTIONS, type OptionRow, setOption } from '../engine/options/option-table.js';
import { readText, splitText } from '../engine/options/option-text.js';
import type { Settings } from '../engine/options/settings.js';

/** Parsed command line: settings of the engine, and of the command. */
export interface Given {
  readonly settings: Settings;
  readonly simulate: boolean;
  readonly quiet: boolean;
  /** `on`, `off` or `auto`, if nothing else was written. */
  readonly dashboard: string;
  /** Place of the live page. Empty for any; undefined where none was asked for. */
  readonly web: string | undefined;
  /** As they were written: `json=results/run.json`. */
  readonly out: readonly string[];
  /** The name of the summary to print, where one was asked for. */
  readonly summary: string | undefined;
}

const FURTHER = `
Most flags can also be options of the scenario or of a config file, or variables
such as TOKENSWARM_VUS: see docs/options.md. Exit codes: see docs/errors.md.`;

/** Adds the flags of a command that reads a scenario. */
export function addFlags(command: Command): Command {
  for (const row of rowsOf(command)) {
    const { name, kind, flag, heading, hidden, meaning } = row;
    const otherwise = kind === 'switch' ? '' : defaultOf(row);
    const option = new Option(flag, otherwise ? `${meaning} (default: ${otherwise})` : meaning);
    if (heading) command.optionsGroup(heading);
    if (kind !== 'switch') option.argParser(gather);
    if (name === 'simulate') option.conflicts('baseUrl');
    command.addOption(option.hideHelp(hidden === true));
  }
  return command.name() === 'report' ? command : command.addHelpText('after', FURTHER);
}

/** Reads a command's flags, and its variables in the environment. Throws a UserError with every mistake. */
export function readFlags(command: Command, environment: Environment): Given {
  const flags: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const row of rowsOf(command)) {
    const said = flagTexts(command, row) ?? variableText(row, environment);
    if (!said) continue;
    const read = readText(row.kind, said.texts);
    if ('value' in read) setOption(flags, row.name, read.value);
    else problems.push(`${said.where}: ${read.problem}`);
  }
  if (problems.length > 0) {
    throw configError(undefined, problems.join('\n'), `tokenswarm ${command.name()} --help shows the flags`);
  }
  const { simulate, quiet, dashboard, web, out, summary, ...settings } = flags;
  return {
    settings: { ...(settings as Settings), environment },
    simulate: simulate === true,
    quiet: quiet === true,
    dashboard: (dashboard as string | undefined) ?? 'auto',
    web: web as string | undefined,
    out: (out as readonly string[] | undefined) ?? [],
    summary: summary as string | undefined,
  };
}

/** Given flags of a run as written, without the key. Such as `--env HOLD` → `10m`. */
export function writtenFlags(command: Command): Readonly<Record<string, string>> {
  const written = rowsOf(command).flatMap((row): (readonly [string, string])[] => {
    if (UNWRITTEN.includes(row.name)) return [];
    const said = flagTexts(command, row);
    if (!said) return [];
    if (row.kind !== 'pairs') return [[said.where, said.texts.join(', ')]];
    return said.texts.map((text) => {
      const [, name = text, value = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
      return [`${said.where} ${name}`, value];
    });
  });
  return Object.fromEntries(written);
}

/** Flags that are secret, or do not affect what is measured. */
const UNWRITTEN: readonly OptionRow['name'][] = ['apiKey', 'secretSources', 'quiet', 'labels'];

type FlagRow = OptionRow & Required<Pick<OptionRow, 'kind' | 'flag'>>;

/** Commands of several runs, which take what a run takes. */
const OF_SEVERAL: readonly string[] = ['sweep', 'capacity'];

/** Flags of a single run; several share a folder and a terminal. */
const OF_ONE: readonly OptionRow['name'][] = [
  ...(['out', 'summary', 'dashboard', 'web'] as const),
  ...(['share', 'startAt', 'startTogether', 'executionSegment', 'executionSegmentSequence'] as const),
];

/** Flags of a load and its pictures, which a worker's master has. */
const OF_MASTER: readonly OptionRow['name'][] = [
  ...OF_ONE.filter((name) => name !== 'out' && name !== 'share'),
  ...(['simulate', 'quiet', 'vus', 'duration', 'iterations', 'stages', 'warmup'] as const),
];

function rowsOf(command: Command): readonly FlagRow[] {
  const several = OF_SEVERAL.includes(command.name());
  const directed = command.name() === 'worker';
  const name = several || directed ? 'run' : (command.name() as ScenarioCommand);
  const isOurs = (row: OptionRow): row is FlagRow =>
    row.kind !== undefined &&
    row.flag !== undefined &&
    row.commands?.includes(name) === true &&
    !(several && OF_ONE.includes(row.name)) &&
    !(directed && OF_MASTER.includes(row.name));
  return OPTIONS.filter(isOurs);
}

interface Said {
  readonly where: string;
  readonly texts: readonly string[];
}

function flagTexts(command: Command, { name, flag }: FlagRow): Said | undefined {
  const option = new Option(flag);
  const attribute = option.attributeName();
  if (command.getOptionValueSource(attribute) !== 'cli') return undefined;
  const value: unknown = command.getOptionValue(attribute);
  // For commander, --no-setup says that setup is false; here it says that noSetup is true.
  if (option.negate && name.startsWith('no')) return { where: option.long ?? flag, texts: ['true'] };
  return { where: option.long ?? flag, texts: Array.isArray(value) ? value.map(String) : [String(value)] };
}

/** The engine reads the variables of all other options. */
function variableText({ name, kind, variable, schema }: FlagRow, environment: Environment): Said | undefined {
  const text = variable && !schema && name !== 'config' && environment[variable];
  return text ? { where: variable, texts: splitText(kind, text) } : undefined;
}

function gather(text: string, before: readonly string[] | undefined): readonly string[] {
  if (/^--[a-z]/.test(text)) throw new InvalidArgumentError('It is the next flag: the value is missing.');
  return [...(before ?? []), text];
}
