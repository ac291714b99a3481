import { placeInScenario } from './foreign-names.js';
import type { Layer } from './layers.js';
import { rowOf } from './option-names.js';
import { OPTIONS, setOption } from './option-table.js';
import { readText, splitText } from './option-text.js';
import type { Problem } from './scenario-options.js';
import { withJobIndex } from './share-option.js';

/** The environment's variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

const OURS = 'TOKENSWARM_';
const K6 = 'K6_';

/** Layer of k6's variables, such as `K6_VUS`, for a script of k6. Those without a meaning here count for nothing. */
export function k6EnvironmentLayer(environment: Environment): Layer {
  const renamed = Object.entries(environment).flatMap(([name, text]) => {
    const ours = name.startsWith(K6) ? oursFor(name) : undefined;
    return ours === undefined ? [] : [[ours, text] as const];
  });
  const layer = environmentLayer(Object.fromEntries(renamed), () => undefined);
  return { ...layer, placeOf: (path) => layer.placeOf(path).replace(OURS, K6) };
}

/** Variables of k6 for flags alone, and what to give instead. */
const FLAGS_ALONE: Readonly<Record<string, string>> = {
  OUT: 'give --out k6-json=FILE or k6-csv=FILE',
  SUMMARY_EXPORT: 'give --summary-export FILE',
  NO_SUMMARY: 'give --summary none',
  SUMMARY_MODE: 'give --summary full, text or none',
  WEB_DASHBOARD: 'give --web',
};

/** Warnings about variables of k6 without effect on its own scripts. */
export function uselessK6Variables(environment: Environment): readonly string[] {
  return Object.keys(environment).flatMap((variable) => {
    if (!variable.startsWith(K6) || oursFor(variable) !== undefined) return [];
    const name = variable.slice(K6.length);
    const instead = FLAGS_ALONE[name] ?? placeInScenario(name);
    return instead === undefined ? [] : [`${variable} has no effect here: ${instead}`];
  });
}

/** Warnings about variables of k6, which only its own scripts take. */
export function k6Variables(environment: Environment): readonly string[] {
  return Object.keys(environment).flatMap((name) => {
    const ours = name.startsWith(K6) ? oursFor(name) : undefined;
    return ours === undefined ? [] : [`${name} counts for scripts of k6 only: here it is ${ours}`];
  });
}

/** Variable of ours for one of k6. Undefined without one. */
function oursFor(name: string): string | undefined {
  const ours = name.replace(K6, OURS);
  return OPTIONS.some(({ variable, schema }) => variable === ours && schema) ? ours : undefined;
}

/**
 * Layer of the `TOKENSWARM_*` variables. An empty one counts as not set; an unknown one gets a warning, since it is
 * probably a typo.
 */
export function environmentLayer(environment: Environment, warn: (text: string) => void): Layer {
  const options: Record<string, unknown> = {};
  const problems: Problem[] = [];
  for (const [variable, text] of Object.entries(environment).sort()) {
    if (!variable.startsWith(OURS) || !text) continue;
    const row = OPTIONS.find((known) => known.variable === variable);
    if (!row) warn(`${variable}: unknown variable; docs/options.md lists all variables`);
    // Options of the command line alone do not belong to the layer.
    if (!row?.kind || !row.schema) continue;
    const read = readText(row.kind, splitText(row.kind, text));
    if ('value' in read) setOption(options, row.name, read.value);
    else problems.push({ where: variable, message: read.problem });
  }
  return {
    ...{ name: 'the environment', options: withJobIndex(options, environment) },
    ...{ folder: process.cwd(), problems, placeOf: variableOf },
  };
}

/**
 * Layer of `OPENAI_BASE_URL` and `OPENAI_API_KEY`. It has the lowest precedence, since they may have been set for
 * another server.
 */
export function openaiLayer({ OPENAI_BASE_URL, OPENAI_API_KEY }: Environment): Layer {
  return {
    name: 'the environment',
    folder: process.cwd(),
    options: { baseUrl: OPENAI_BASE_URL || undefined, apiKey: OPENAI_API_KEY?.trim() ? OPENAI_API_KEY : undefined },
    placeOf: (path) => (path === 'apiKey' ? 'OPENAI_API_KEY' : 'OPENAI_BASE_URL'),
  };
}

/** `stages[0].target` → `TOKENSWARM_STAGES`. */
function variableOf(path: string): string {
  return rowOf(path)?.variable ?? path;
}
