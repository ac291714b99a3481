import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type LoadProfile, levelsAt, profileOf, sumProfiles } from '../../../engine/executors/load-profile.js';
import { loadOf } from './fake-vu-pool.js';
import { ramping } from './ramping.js';

/** A profile as text: `0:1 1000:5`. */
const shown = ({ points }: LoadProfile) => points.map(({ at, level }) => `${at}:${level}`).join(' ');

describe('the profile of a load', () => {
  it('is flat while the users stay', () => {
    assert.equal(shown(profileOf(loadOf({ maxVus: 3, duration: 1000 }), 0)), '0:3 1000:3');
  });

  it('begins where the scenario does', () => {
    assert.equal(shown(profileOf(loadOf({ maxVus: 3, duration: 1000 }), 250)), '250:3 1250:3');
  });

  it('jumps where a user comes or goes', () => {
    const load = ramping(1, [
      [1000, 3],
      [500, 3],
      [0, 1],
    ]);
    assert.equal(shown(profileOf(load, 0)), '0:1 500:1 500:2 1000:2 1000:3 1500:3 1500:1 1500:1');
  });
});

describe('the sum of profiles', () => {
  const line = (...points: readonly (readonly [at: number, level: number])[]): LoadProfile => {
    return { unit: 'VUs', points: points.map(([at, level]) => ({ at, level })) };
  };
  /** The level from an instant on. */
  const levelAt = ({ points }: LoadProfile, at: number): number => {
    const next = points.findIndex((point) => point.at > at);
    const [left, right] = [points[next - 1], points[next]];
    if (!left || !right) return 0;
    return left.level + ((right.level - left.level) * (at - left.at)) / (right.at - left.at);
  };

  it('is nothing without profiles of the unit', () => {
    assert.deepEqual(sumProfiles([line([0, 1], [5, 1])], 'iterations/s'), { unit: 'iterations/s', points: [] });
  });

  it('can be read at instants, just before each', () => {
    const profile = line([10, 1], [20, 1], [20, 5], [30, 9]);
    assert.deepEqual(levelsAt(profile, [0, 10, 15, 20, 25, 30, 31]), [0, 0, 1, 1, 7, 9, 0]);
    assert.deepEqual(levelsAt({ unit: 'VUs', points: [] }, [1, 2]), [0, 0]);
  });

  it("adds nothing before a profile's start and after its end", () => {
    const sum = sumProfiles([line([0, 2], [10, 2]), line([10, 3], [30, 3]), line([20, 1], [30, 1])], 'VUs');
    const corners = sum.points.filter(
      ({ at, level }, index, all) => at !== all[index - 1]?.at || level !== all[index - 1]?.level,
    );
    assert.equal(shown({ ...sum, points: corners }), '0:0 0:2 10:2 10:3 20:3 20:4 30:4 30:0');
  });

  it('is at every instant the sum of its parts, slopes included', () => {
    const profile = fc
      .array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 9 })), { minLength: 2, maxLength: 6 })
      .map((points) => line(...points.toSorted(([a], [b]) => a - b)));
    fc.assert(
      fc.property(fc.array(profile, { maxLength: 4 }), (profiles) => {
        const sum = sumProfiles(profiles, 'VUs');
        for (let at = -0.5; at < 21; at += 0.5) {
          const parts = profiles.reduce((total, part) => total + levelAt(part, at), 0);
          assert.ok(Math.abs(levelAt(sum, at) - parts) < 1e-9, `at ${at}`);
        }
      }),
    );
  });
});
