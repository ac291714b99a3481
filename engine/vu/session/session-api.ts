import type { Api } from '../../api/index.js';
import type { SessionOptions } from '../../api/session.js';
import { askUnit, parseDuration } from '../../clock.js';
import { checkFields, show } from '../../schema.js';
import { calling, type VuState } from '../vu-state.js';
import { AGENT_OPTIONS } from './agent.js';
import { SessionTree } from './session-tree.js';

/** `session` of one VU. */
export function sessionFor(vu: VuState): Api['session'] {
  return (name, run, options = {}) =>
    calling(vu, 'session', async () => {
      if (typeof name !== 'string' || name === '' || typeof run !== 'function') {
        throw new TypeError(`session: expected a name and a function, got ${show(name)} and ${show(run)}`);
      }
      checkFields(`session "${name}"`, options, [...AGENT_OPTIONS, 'slo']);
      return await new SessionTree(vu, name, options, limitOf(name, options)).play(run);
    });
}

/** Longest duration of a good session, in milliseconds. */
export function limitOf(name: string, { slo }: Pick<SessionOptions, 'slo'>): number | undefined {
  if (slo === undefined) return undefined;
  checkFields(`session "${name}"'s slo`, slo, ['duration']);
  const ms = parseDuration(slo.duration);
  if (ms) return ms;
  const unit = askUnit(slo.duration);
  throw new TypeError(
    `session "${name}"'s slo: expected a duration such as { duration: "5m" }, got ${show(slo.duration)}${unit}`,
  );
}
