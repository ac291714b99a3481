import type { AgentLane, SessionLane, SwimLanes } from '../../engine/metrics/session-lanes.js';
import type { Summary } from '../../engine/metrics/snapshot.js';
import type { Section } from '../document/document.js';
import type { LaneBar, LaneChart, LaneRow } from '../document/lanes.js';
import { count, shortDuration } from '../format.js';

/** In the order of their numbers. */
const KINDS = [
  { label: 'in the model', color: 1 },
  { label: 'in tools', color: 2 },
  { label: 'thinking', color: 5 },
];

/** Sessions and subagents over time, as swim lanes of a page. */
export function laneSection({ sessions, windows }: Summary): Section {
  const lanes = sessions?.lanes;
  const charts = lanes && lanes.sessions.length > 0 ? [laneChart(lanes, windows.whole.to)] : [];
  return {
    title: 'Sessions over time',
    only: charts.length === 0 ? [] : 'html',
    blocks: charts.map((chart) => ({ kind: 'lanes', chart })),
  };
}

function laneChart({ users, of, sessions }: SwimLanes, seconds: number): LaneChart {
  const kept = users < of ? ` The first ${count(users)} of ${count(of)} users: the record has room for no more.` : '';
  const byUser = new Map<number, SessionLane[]>();
  for (const lane of sessions) byUser.set(lane.user, [...(byUser.get(lane.user) ?? []), lane]);
  return {
    title: 'Sessions over time',
    note: `A row for each user, with the subagents of its sessions below it.${kept}`,
    seconds,
    kinds: KINDS,
    rows: [...byUser].sort(([a], [b]) => a - b).flatMap(([user, own]) => rowsOf(user, own)),
  };
}

/** Rows of a user: its sessions, and subagents where one is free. */
function rowsOf(user: number, sessions: readonly SessionLane[]): readonly LaneRow[] {
  const rows: LaneBar[][] = [[]];
  const place = (bar: LaneBar, from: number) => {
    const isFree = (row: readonly LaneBar[]) => (row.at(-1)?.to ?? 0) <= bar.from;
    let at = rows.findIndex((row, index) => index >= from && isFree(row));
    if (at < 0) at = rows.push([]) - 1;
    rows[at]?.push(bar);
  };
  for (const session of sessions.toSorted((a, b) => (a.agents[0]?.from ?? 0) - (b.agents[0]?.from ?? 0))) {
    const [own, ...subagents] = session.agents;
    if (own) place(barOf(user, session, own), 0);
    for (const agent of subagents.toSorted((a, b) => a.from - b.from)) place(barOf(user, session, agent), 1);
  }
  return rows.map((bars, index) => ({ label: index === 0 ? `user ${user}` : '', bars }));
}

function barOf(user: number, session: SessionLane, { name, parent, from, to, spans }: AgentLane): LaneBar {
  const { outcome } = session;
  const which = parent === undefined ? session.name : `${session.name} › ${name}`;
  const title = `user ${user}: ${which}, ${shortDuration(to - from)}, ${outcome}`;
  const mark = outcome === 'failed' ? 'bad' : outcome === 'cut off' ? 'open' : undefined;
  return { title, from: from / 1000, to: to / 1000, ...(mark && { mark }), spans };
}
