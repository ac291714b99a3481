import { resolve } from 'node:path';
import { formatDuration } from '../clock.js';
import { openSessions } from '../data/sessions/session-index.js';
import { readTrace, type Trace } from '../data/trace-file.js';
import { configError, UserError } from '../errors.js';
import type { TraceChoice } from '../executors/executor.js';
import type { Load } from '../executors/load.js';
import { planLoad, type ScenarioOptions } from '../executors/registry.js';
import type { Problem } from './scenario-options.js';
import type { ChosenLoad } from './shortcuts.js';

/** Load of a scenario. Undefined for an invalid trace, which is added to the problems. */
export function loadOf(
  name: string,
  options: ScenarioOptions,
  { folder, placeOf }: ChosenLoad,
  problems: Problem[],
  warn: (text: string) => void,
): Load | undefined {
  try {
    const sessionsOf = (file: string) => {
      const index = openSessions(resolve(folder, file));
      const lanes = 'vus' in options ? options.vus : 1;
      const isOnLanes = 'pace' in options && options.pace === 'gaps';
      if (isOnLanes && lanes > index.size) warn(severalAtOnce(file, lanes, index.size));
      return index;
    };
    const traceOf = (played: TraceChoice) => {
      const { file, timestamps, blockTokens } = played;
      const unit = timestamps && (timestamps === 'seconds' ? 1000 : 1);
      const trace = readTrace(resolve(folder, file), { unit, blockTokens });
      for (const guess of trace.guesses) warn(`${file}: ${guess}`);
      if (trace.leftOut > 0) warn(leftOut(played, trace));
      const last = trace.at.at(-1) ?? 0;
      if (played.from <= last) return trace;
      throw configError(
        placeOf(`scenarios.${name}.from`),
        `the last request of the trace comes after ${formatDuration(last)}`,
      );
    };
    return planLoad(options, traceOf, sessionsOf);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    problems.push({ where: error.where ?? placeOf(`scenarios.${name}.file`), message: error.message });
    return undefined;
  }
}

function leftOut({ file }: TraceChoice, trace: Trace): string {
  const all = (trace.size + trace.leftOut).toLocaleString('en');
  return `${file}: ${trace.leftOut.toLocaleString('en')} of ${all} requests have no tokens and are left out`;
}

function severalAtOnce(file: string, lanes: number, sessions: number): string {
  const all = `${lanes} lanes and ${sessions} session${sessions === 1 ? '' : 's'}`;
  return `${file}: ${all}: lanes play the same session at once, told apart by the marker of each replay`;
}
