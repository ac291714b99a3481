import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Activity, type AgentTrack, criticalTimes, ownTimes } from '../../../../engine/vu/session/activity.js';

function track(from: number, to: number, activities: readonly Activity[] = []): AgentTrack {
  return { name: 'agent', from, to, activities };
}

describe('the times of a session', () => {
  it('count each instant once: model before tools, thinking and waiting', () => {
    const child = track(10, 60, [{ kind: 'model', from: 10, to: 60 }]);
    const root = track(0, 100, [
      { kind: 'model', from: 0, to: 10 },
      { kind: 'subagent', from: 10, to: 60, agent: child },
      { kind: 'tools', from: 20, to: 40 },
      { kind: 'model', from: 30, to: 35 },
      { kind: 'thinking', from: 70, to: 90 },
    ]);
    assert.deepEqual(ownTimes(root, 100), { model: 15, tools: 15, thinking: 20, waiting: 30 });
  });

  it('follow the critical path through the subagent that ended last', () => {
    const quick = track(10, 20, [{ kind: 'model', from: 10, to: 20 }]);
    const slow = track(10, 60, [
      { kind: 'tools', from: 10, to: 50 },
      { kind: 'model', from: 50, to: 60 },
    ]);
    const root = track(0, 80, [
      { kind: 'model', from: 0, to: 10 },
      { kind: 'subagent', from: 10, to: 20, agent: quick },
      { kind: 'subagent', from: 10, to: 60, agent: slow },
      { kind: 'model', from: 60, to: 75 },
    ]);
    assert.deepEqual(criticalTimes(root), { model: 35, tools: 40, thinking: 0 });
  });

  it('leave out of the path what ran beside it', () => {
    const background = track(0, 30, [{ kind: 'model', from: 0, to: 30 }]);
    const root = track(0, 100, [
      { kind: 'subagent', from: 0, to: 30, agent: background },
      { kind: 'tools', from: 0, to: 90 },
      { kind: 'model', from: 90, to: 100 },
    ]);
    assert.deepEqual(criticalTimes(root), { model: 10, tools: 90, thinking: 0 });
  });

  it('never sum to more than the duration, whatever ran beside what', () => {
    const kind = fc.constantFrom('model', 'tools', 'thinking', 'subagent' as const);
    const activity = fc
      .record({ kind, from: fc.nat(100), length: fc.nat(50) })
      .map(({ kind, from, length }): Activity => {
        const to = Math.min(120, from + length);
        const agent = track(from, to, [{ kind: 'model', from, to }]);
        return { kind, from: Math.min(from, to), to, ...(kind === 'subagent' && { agent }) } as Activity;
      });
    fc.assert(
      fc.property(fc.array(activity, { maxLength: 12 }), (activities) => {
        const root = track(0, 120, activities);
        const own = ownTimes(root, 120);
        const path = criticalTimes(root);
        assert.ok(own.model + own.tools + own.thinking + own.waiting <= 120);
        assert.ok(path.model + path.tools + path.thinking <= 120);
        assert.ok(Object.values({ ...own, ...path }).every((each) => each >= 0));
      }),
    );
  });
});
