import assert from 'node:assert/strict';
import type { Tags } from '../../../engine/metrics/series.js';
import { TagSets } from '../../../engine/metrics/tag-sets.js';

describe('the tags of requests', () => {
  it('are one object for each scenario, name and server', () => {
    const kept: Tags[] = [];
    const sets = new TagSets((tags) => kept.push(tags));
    const tags = sets.of('a', 'chat', 'one');
    assert.deepEqual(tags, { scenario: 'a', name: 'chat', target: 'one' });
    assert.equal(sets.of('a', 'chat', 'one'), tags);
    assert.deepEqual(sets.of('a', 'chat'), { scenario: 'a', name: 'chat' });
    assert.deepEqual(sets.of('a'), { scenario: 'a' });
    assert.deepEqual(sets.of('chat', 'a'), { scenario: 'chat', name: 'a' });
    assert.equal(new Set(kept).size, kept.length);
    assert.ok(kept.includes(tags));
  });

  it('are bounded, however many names a script makes up', () => {
    let kept = 0;
    const sets = new TagSets(() => {
      kept += 1;
    });
    for (let name = 0; name < 5000; name += 1) assert.equal(sets.of('a', `${name}`).name, `${name}`);
    assert.equal(kept, 1000);
  });
});
