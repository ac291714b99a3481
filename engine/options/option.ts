import * as v from 'valibot';
import { formatDuration } from '../clock.js';

/** Text format of an option, wherever it comes as text: see option-text. */
export type TextKind = 'text' | 'time' | 'urls' | 'number' | 'switch' | 'pairs' | 'stages' | 'list';

/** Commands that read a scenario, and `report`, which reads results. */
export type ScenarioCommand = 'run' | 'try' | 'inspect' | 'report' | 'merge';

export const ALL: readonly ScenarioCommand[] = ['run', 'try', 'inspect'];
export const SERVING: readonly ScenarioCommand[] = ['run', 'try'];
export const LOADING: readonly ScenarioCommand[] = ['run', 'inspect'];
export const RUNNING: readonly ScenarioCommand[] = ['run'];
export const REPORTING: readonly ScenarioCommand[] = ['run', 'report', 'merge'];

/** Ways to give an option besides its key, and its help. */
interface OptionMeta {
  /** Text format; undefined where one text cannot hold it. */
  readonly kind?: TextKind;
  /** Flag as the command line's help shows it. */
  readonly flag?: string;
  /** Commands that take the flag. */
  readonly commands?: readonly ScenarioCommand[];
  /** Heading in the help for the flags from this one on. */
  readonly heading?: string;
  /** True for a flag of other tools that the help leaves out. */
  readonly hidden?: boolean;
  readonly meaning: string;
  /** Meaning in docs/options.md, in Markdown, where it says more. */
  readonly docs?: string;
  /** Default behaviour in words, where the schema has no default. */
  readonly otherwise?: string;
}

/** Definition of an option: valid values, default, and ways to give it. */
export interface OptionDefinition<Schema> extends OptionMeta {
  /** Undefined for an option of the command line alone. */
  readonly schema: Schema;
}

/** Defines an option of scenarios. */
export function option<Schema extends v.GenericSchema>(schema: Schema, meta: OptionMeta): OptionDefinition<Schema> {
  return { ...meta, schema };
}

/** Defines an option of the command line, unknown to scenarios. */
export function commandOption(meta: OptionMeta): OptionDefinition<undefined> {
  return { ...meta, schema: undefined };
}

/** Schemas of definitions, by name; those of the command line have none. */
type SchemasOf<Definitions> = {
  readonly [Name in keyof Definitions as Definitions[Name] extends OptionDefinition<v.GenericSchema>
    ? Name
    : never]: Definitions[Name] extends OptionDefinition<infer Schema extends v.GenericSchema> ? Schema : never;
};

/** Picks the schemas of definitions. */
export function schemasOf<Definitions extends Readonly<Record<string, OptionDefinition<v.GenericSchema | undefined>>>>(
  definitions: Definitions,
): SchemasOf<Definitions> {
  const schemas = Object.entries(definitions).flatMap(([name, { schema }]) => (schema ? [[name, schema]] : []));
  return Object.fromEntries(schemas) as SchemasOf<Definitions>;
}

/** Default of an option as text. Without one in the schema, in words. */
export function defaultOf({ schema, kind, otherwise }: OptionDefinition<v.GenericSchema | undefined>): string {
  const value: unknown = schema ? v.getDefault(schema) : undefined;
  if (kind === 'time' && typeof value === 'number') return formatDuration(value);
  return typeof value === 'object' || value === undefined ? (otherwise ?? '') : String(value);
}
