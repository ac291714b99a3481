import type { Options, TlsOptions } from '../api/options.js';

/** Text format of an option, wherever it comes as text: see option-text. */
export type TextKind = 'text' | 'urls' | 'number' | 'switch' | 'pairs' | 'stages' | 'list';

/** Commands that read a scenario, and `report`, which reads results. */
export type ScenarioCommand = 'run' | 'try' | 'inspect' | 'report';

/** One option, with all the ways to give it. */
export interface OptionRow {
  /** Key in `options`, in config files and in settings of programs. */
  readonly name: keyof Options | `tls.${keyof TlsOptions}` | CommandOption;
  /** Text format; undefined where one text cannot hold it. */
  readonly kind?: TextKind;
  /** Flag as the command line's help shows it. */
  readonly flag?: string;
  /** Heading in the help for the flags from this one on. */
  readonly heading?: string;
  /** Environment variable, derived from the name; undefined where it has none. */
  readonly variable?: string;
  /** Commands that take the flag. */
  readonly commands?: readonly ScenarioCommand[];
  readonly meaning: string;
  /** Default behaviour, in words. */
  readonly otherwise?: string;
}

/** Options of the command line, not of a scenario. Some are in the environment too. */
export const COMMAND_OPTIONS = ['config', 'env', 'simulate', 'out', 'summary', 'quiet', 'dashboard'] as const;

type CommandOption = (typeof COMMAND_OPTIONS)[number];
