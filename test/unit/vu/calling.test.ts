import assert from 'node:assert/strict';
import { PendingCalls } from '../../../engine/vu/pending-calls.js';
import { calling } from '../../../engine/vu/vu-state.js';

describe('an API call', () => {
  it('marks its VU as running directly before its script goes on, also where answers come together', async () => {
    const events: string[] = [];
    let answer = () => {};
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const scripts = ['a', 'b', 'c'].map(async (name) => {
      const enter = () => void events.push(`enter ${name}`);
      const vu = { stage: 'running', signal: undefined, pending: new PendingCalls(), enter } as const;
      await calling(vu, 'chat', () => answered);
      events.push(`script ${name}`);
    });
    answer();
    await Promise.all(scripts);
    assert.deepEqual(events, ['enter a', 'script a', 'enter b', 'script b', 'enter c', 'script c']);
  });
});
