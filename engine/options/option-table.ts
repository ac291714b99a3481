import * as v from 'valibot';
import type { Options, TlsOptions } from '../api/options.js';
import { strict } from '../schema.js';
import { httpOptions } from './http-options.js';
import { loadOptions, resultOptions, scenarioFileOptions } from './load-options.js';
import { type OptionDefinition, schemasOf } from './option.js';
import { reportOptions } from './report-options.js';
import { serverOptions, sessionOptions, tlsOptions, transportOptions } from './server-options.js';
import { toldOptions } from './told-options.js';

/** Name of an option of scenarios or the command line. */
type OptionName =
  | keyof Options
  | `tls.${keyof TlsOptions}`
  | 'config'
  | 'env'
  | 'simulate'
  | keyof typeof reportOptions;

/** One option, with all the ways to give it. */
export interface OptionRow extends OptionDefinition<v.GenericSchema | undefined> {
  readonly name: OptionName;
  /** Environment variable, derived from the name; undefined where it has none. */
  readonly variable?: string;
}

/** Schema of `options` in any layer. Scenarios and thresholds are read separately. */
export const optionsShape = strict({
  ...schemasOf(serverOptions),
  ...schemasOf(sessionOptions),
  tls: v.optional(strict(schemasOf(tlsOptions))),
  ...schemasOf(transportOptions),
  ...schemasOf(loadOptions),
  ...schemasOf(resultOptions),
  ...schemasOf(toldOptions),
  ...schemasOf(scenarioFileOptions),
  ...schemasOf(httpOptions),
} satisfies Readonly<Record<keyof Options, v.GenericSchema>>);

/** All options with their values, the defaults among them. */
export type AllOptions = v.InferOutput<typeof optionsShape>;

/** All options, in the order of the help. Flags, variables, help and docs/options.md are made of it. */
export const OPTIONS: readonly OptionRow[] = Object.entries<OptionDefinition<v.GenericSchema | undefined>>({
  ...serverOptions,
  ...sessionOptions,
  ...Object.fromEntries(Object.entries(tlsOptions).map(([part, definition]) => [`tls.${part}`, definition])),
  ...transportOptions,
  ...scenarioFileOptions,
  ...loadOptions,
  ...resultOptions,
  ...toldOptions,
  ...httpOptions,
  ...reportOptions,
}).map(([name, definition]) => ({ ...definition, name: name as OptionName, ...variableOf(name, definition) }));

/** `insecureSkipTLSVerify` → `TOKENSWARM_INSECURE_SKIP_TLS_VERIFY`, `tls.ca` → `TOKENSWARM_TLS_CA`. */
function variableOf(name: string, { kind }: OptionDefinition<unknown>): Pick<OptionRow, 'variable'> {
  if (kind === undefined || name === 'env') return {};
  const words = name.replace(/(?<=[a-z])[A-Z]|(?<=[A-Z])[A-Z](?=[a-z])/g, '_$&').replace('.', '_');
  return { variable: `TOKENSWARM_${words.toUpperCase()}` };
}

/** Sets an option in an object; `tls.ca` goes into its part. */
export function setOption(options: Record<string, unknown>, name: string, value: unknown): void {
  const [whole = '', part] = name.split('.');
  options[whole] = part === undefined ? value : { ...(options[whole] as object), [part]: value };
}
