/** Kinds of time in a session. `subagent` is the life of one that an agent has started. */
export type ActivityKind = 'model' | 'tools' | 'thinking' | 'subagent';

/** Stretch of time that an agent has spent. Instants are milliseconds on the machine's clock. */
export interface Activity {
  readonly kind: ActivityKind;
  readonly from: number;
  /** Infinite until it ends. */
  readonly to: number;
  /** The subagent, of which this is the life. */
  readonly agent?: AgentTrack;
}

/** Life of an agent. */
export interface AgentTrack {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly activities: readonly Activity[];
}

/** Parts of a time, in milliseconds. What is left of it the script has spent itself. */
export interface Times {
  readonly model: number;
  readonly tools: number;
  readonly thinking: number;
  /** In nothing else while a subagent was at work. */
  readonly waiting: number;
}

/** Kinds, first the one that an instant of several belongs to. */
const ORDER = ['model', 'tools', 'thinking', 'subagent'] as const;

/** Times of an agent itself. Each instant counts once: for model, else tools, thinking or waiting. */
export function ownTimes({ activities }: AgentTrack, until: number): Times {
  const edges = activities
    .flatMap(({ kind, from, to }) => [
      { at: from, kind, by: 1 },
      { at: to, kind, by: -1 },
    ])
    .sort((a, b) => a.at - b.at);
  const times = { model: 0, tools: 0, thinking: 0, subagent: 0 };
  const running = { model: 0, tools: 0, thinking: 0, subagent: 0 };
  let before = 0;
  for (const { at, kind, by } of edges) {
    const now = Math.min(at, until);
    const current = ORDER.find((each) => running[each] > 0);
    if (current) times[current] += now - before;
    running[kind] += by;
    before = now;
  }
  return { model: times.model, tools: times.tools, thinking: times.thinking, waiting: times.subagent };
}

/**
 * Times along the critical path of a tree. That is the chain of activities, through subagents, of which each was waited
 * for before the next. It is followed from the end back, always to what ended last before.
 */
export function criticalTimes(root: AgentTrack): Omit<Times, 'waiting'> {
  const times = { model: 0, tools: 0, thinking: 0 };
  const follow = (track: AgentTrack, from: number, to: number) => {
    let at = to;
    for (const activity of [...track.activities].sort((a, b) => b.to - a.to)) {
      // What ended after that instant ran beside the path.
      if (activity.to > at || at <= from) continue;
      const begin = Math.max(from, activity.from);
      if (activity.kind === 'subagent') {
        if (activity.agent) follow(activity.agent, begin, activity.to);
      } else times[activity.kind] += Math.max(0, activity.to - begin);
      at = begin;
    }
  };
  follow(root, root.from, root.to);
  return times;
}
