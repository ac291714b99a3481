import { type AgentLane, type SessionLane, SPAN_KINDS } from '../../metrics/session-lanes.js';
import type { AgentTrack } from './activity.js';

/** Session over time, up to an instant. `since` gives milliseconds since the load started. */
export function laneOf(
  root: AgentTrack,
  { user, name, outcome }: Pick<SessionLane, 'user' | 'name' | 'outcome'>,
  until: number,
  since: (at: number) => number,
): SessionLane {
  const agents: AgentLane[] = [];
  const add = (track: AgentTrack, end: number, parent?: number) => {
    const place = agents.length;
    const spans = track.activities.flatMap(({ kind, from, to }) => {
      if (kind === 'subagent') return [];
      return [SPAN_KINDS.indexOf(kind), Math.round(from - track.from), Math.round(Math.min(to, until) - from)];
    });
    const life = { from: Math.round(since(track.from)), to: Math.round(since(end)) };
    agents.push({ name: track.name, ...(parent !== undefined && { parent }), ...life, spans });
    for (const { agent, to } of track.activities) if (agent) add(agent, Math.min(to, until), place);
  };
  add(root, until);
  return { user, name, outcome, agents };
}
