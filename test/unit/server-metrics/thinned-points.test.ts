import assert from 'node:assert/strict';
import { ThinnedPoints } from '../../../engine/server-metrics/thinned-points.js';

describe('points of a record', () => {
  it('are all kept as long as they are few', () => {
    const points = new ThinnedPoints<number>();
    for (let at = 1; at <= 3600; at += 1) points.add(at);
    assert.equal(points.kept.length, 3600);
  });

  it('are thinned out evenly when they become too many, and stay bounded', () => {
    const points = new ThinnedPoints<number>();
    for (let at = 1; at <= 20_000; at += 1) points.add(at);
    assert.ok(points.kept.length > 1800 && points.kept.length <= 3600, `${points.kept.length} points`);
    const gaps = new Set(points.kept.slice(1).map((at, i) => at - points.kept[i]!));
    assert.deepEqual([...gaps], [8]);
  });

  it('give what was added since the last look, which makes up all of them', () => {
    const points = new ThinnedPoints<number>();
    let known: number[] = [];
    for (let at = 1; at <= 20_000; at += 1) {
      points.add(at);
      if (at % 13 !== 0) continue;
      const { anew, points: added } = points.takeChanged(at === 1300);
      known = anew ? [...added] : [...known, ...added];
      if (!anew) assert.ok(added.length <= 13);
    }
    known.push(...points.takeChanged(false).points);
    assert.deepEqual(known, points.kept);
  });
});
