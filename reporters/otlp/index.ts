import { randomUUID } from 'node:crypto';
import type { Reporter, RunStart } from '../../engine/metrics/reporter.js';
import type { Snapshot } from '../../engine/metrics/snapshot.js';
import { exportedMetrics, runFacts } from '../exported/index.js';
import type { LiveSurroundings } from '../live-output.js';
import { otlpPayload } from './payload.js';
import { openCollector } from './post.js';
import { Pusher } from './pusher.js';
import { otlpSettings } from './settings.js';

/**
 * Pushes all metrics to a collector over OTLP/HTTP, once a second. Counts are cumulative, so that a later push makes up
 * for a lost one. Failures are warnings: the first at once, their number at the end. Throws a UserError where the place
 * or a variable is wrong.
 */
export async function otlpPush(_: string, place: string, { env, tell, leaving }: LiveSurroundings): Promise<Reporter> {
  const settings = otlpSettings(place, env);
  // A user, a password and a query may be secrets.
  const name = `otlp=${settings.url.origin}${settings.url.pathname}`;
  const resource = { 'service.instance.id': randomUUID(), ...settings.resource };
  let start: RunStart | undefined;
  let snapshot: Snapshot | undefined;
  const pusher = new Pusher(openCollector(settings, leaving), (reason) =>
    start?.warn(`${name}: the collector did not take the metrics: ${reason}`),
  );
  const body = (facts: RunStart) => () => {
    const times = { startedAt: facts.startedAt.getTime(), now: Date.now() };
    return JSON.stringify(
      otlpPayload(exportedMetrics(facts, snapshot), { resource: resourceOf(facts, resource), ...times }),
    );
  };
  return {
    name,
    onStart(facts) {
      start = facts;
    },
    onSnapshot(next) {
      snapshot = next;
      if (!start) return;
      if (next.state !== 'done') pusher.offer(body(start));
      else if (pusher.loss !== undefined) start.warn(`${name}: ${pusher.loss}`);
    },
    async onEnd() {
      if (start && !(await pusher.last(body(start))) && pusher.hasSent) {
        tell(`${name}: the last figures were not taken: ${pusher.trouble}`);
      }
    },
  };
}

/** Attributes of the run's resource. Those of the user come first. */
function resourceOf(start: RunStart, given: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const { version, scenario_file: scenario = '', model, target, simulated, ...labels } = runFacts(start);
  return {
    ...labels,
    'service.name': 'tokenswarm',
    'service.version': version ?? '',
    'tokenswarm.scenario': scenario,
    ...(target !== undefined && { 'tokenswarm.target': target }),
    ...(model !== undefined && { 'gen_ai.request.model': model }),
    ...(simulated !== undefined && { 'tokenswarm.simulated': simulated }),
    ...given,
  };
}
