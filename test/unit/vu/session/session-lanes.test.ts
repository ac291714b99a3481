import assert from 'node:assert/strict';
import type { AgentTrack } from '../../../../engine/vu/session/activity.js';
import { laneOf } from '../../../../engine/vu/session/session-lanes.js';

describe('a session over time', () => {
  it('has its agents with their spans, up to where it was cut off', () => {
    const child: AgentTrack = {
      ...{ name: 'look', from: 1200, to: 1200 },
      activities: [{ kind: 'model', from: 1200, to: Number.POSITIVE_INFINITY }],
    };
    const root: AgentTrack = {
      ...{ name: 'job', from: 1000, to: 1000 },
      activities: [
        { kind: 'model', from: 1000.4, to: 1100 },
        { kind: 'subagent', from: 1200, to: Number.POSITIVE_INFINITY, agent: child },
        { kind: 'tools', from: 1150, to: 1250 },
        { kind: 'thinking', from: 1250, to: Number.POSITIVE_INFINITY },
      ],
    };
    const lane = laneOf(root, { user: 7, name: 'job', outcome: 'cut off' }, 1300, (at) => at - 900);
    assert.deepEqual(lane, {
      ...{ user: 7, name: 'job', outcome: 'cut off' },
      agents: [
        { name: 'job', from: 100, to: 400, spans: [0, 0, 100, 1, 150, 100, 2, 250, 50] },
        { name: 'look', parent: 0, from: 300, to: 400, spans: [0, 0, 100] },
      ],
    });
  });
});
