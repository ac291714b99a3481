import type { Summary } from '../../metrics/snapshot.js';
import { levelRun } from './level.js';
import type { PlannedRun } from './planned-run.js';
import type { Capacity, RunState, Sweep } from './sweep.js';
import type { SweepRequest } from './sweep-request.js';
import { tableOf } from './table.js';
import type { Variable } from './vary.js';

/** Input of a sweep document. */
export interface SweepParts {
  readonly version: string;
  readonly asked: SweepRequest;
  readonly labels: Readonly<Record<string, string>>;
  readonly seed: number | undefined;
  readonly variables: readonly Variable[];
  /** Variables used in the server's command. */
  readonly outer: readonly string[];
  readonly states: readonly RunState[];
  /** Finished runs and their records. */
  readonly finished: readonly { readonly run: PlannedRun; readonly record: Summary }[];
  readonly capacity?: Capacity;
}

/** Builds the document of several runs, finished or not. */
export function sweepDocument(parts: SweepParts): Sweep {
  const { version, asked, labels, seed, variables, outer, states, finished, capacity } = parts;
  const runs = finished.map(({ run, record }) => levelRun(run.name, run.values, run.repeat, record));
  const target = finished.at(-1)?.record.target;
  const { axis, series } = tableOf(variables, outer, runs);
  return {
    schema: 'tokenswarm/sweep',
    version: 1,
    tool: { name: 'tokenswarm', version },
    asked,
    labels,
    ...(seed !== undefined && { seed }),
    target: target ? { baseUrl: target.baseUrl, model: target.model, simulated: target.simulated } : null,
    variables: variables.map(({ name }) => name),
    axis,
    runs: states,
    series,
    ...(capacity && { capacity }),
  };
}
