import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  nextStep,
  type Purpose,
  runsLeft,
  type SearchResult,
  type TriedLevel,
} from '../../../../engine/results/sweep/search.js';
import type { SearchRange } from '../../../../engine/results/sweep/vary.js';

const users = (low: number, high: number): SearchRange => ({ name: 'PEAK_USERS', low, high, step: 1 });

/** Searches to the end. `meets` gets the level and the number of its earlier runs. */
function search(
  range: SearchRange,
  precision: number,
  meets: (level: number, before: number) => boolean,
): { readonly found: SearchResult; readonly tried: readonly TriedLevel[]; readonly purposes: readonly Purpose[] } {
  const tried: TriedLevel[] = [];
  const purposes: Purpose[] = [];
  for (;;) {
    const step = nextStep(tried, range, precision);
    if (step.kind === 'found') return { found: step.found, tried, purposes };
    assert.ok(tried.length < 300, 'it has to come to an end');
    assert.ok(step.level >= range.low && step.level <= range.high, `${step.level}`);
    purposes.push(step.purpose);
    const before = tried.filter(({ level }) => level === step.level).length;
    assert.ok(before < 3, 'three runs decide');
    tried.push({ level: step.level, met: meets(step.level, before) });
  }
}

describe('the search for a capacity', () => {
  it('doubles, halves and confirms both bounds', () => {
    const { found, tried, purposes } = search(users(1, 256), 0.05, (level) => level <= 50);
    assert.deepEqual(
      tried.map(({ level }) => level),
      [1, 2, 4, 8, 16, 32, 64, 48, 56, 52, 50, 50, 52],
    );
    assert.deepEqual(purposes.slice(-3), ['bisect', 'confirm', 'confirm']);
    assert.deepEqual(found, { kind: 'within', passing: 50, failing: 52, violations: [], mixed: [] });
  });

  it('knows how many runs are left, at least and at most', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), fc.constantFrom(0.05, 0.2, 1), (capacity, precision) => {
        const range = users(1, 256);
        const { tried } = search(range, precision, (level) => level <= capacity);
        for (const done of tried.keys()) {
          const { least, most } = runsLeft(tried.slice(0, done), range, precision);
          const left = tried.length - done;
          assert.ok(least <= left && left <= most, `${done}: ${least} <= ${left} <= ${most}`);
        }
      }),
    );
  });

  it('finds any capacity to the precision that is asked for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), fc.constantFrom(0, 0.05, 0.2), (capacity, precision) => {
        const { found, tried } = search(users(1, 4096), precision, (level) => level <= capacity);
        if (capacity >= 4096) return assert.deepEqual([found.kind, found.passing], ['above', 4096]);
        const { passing = 0, failing = 0 } = found;
        assert.ok(passing <= capacity && capacity < failing, `${passing} ${capacity} ${failing}`);
        assert.ok(failing - passing <= Math.max(1, precision * passing));
        for (const bound of [passing, failing]) assert.equal(tried.filter(({ level }) => level === bound).length, 2);
      }),
    );
  });

  it('survives a bad run at a low level and a lucky one at a high level', () => {
    const hiccup = search(users(1, 256), 0.05, (level, before) => (level === 4 && before === 0 ? false : level <= 50));
    assert.deepEqual([hiccup.found.passing, hiccup.found.failing, hiccup.found.mixed], [50, 52, [4]]);
    const luck = search(users(1, 256), 0.05, (level, before) => level <= 50 || (level === 64 && before === 0));
    assert.deepEqual([luck.found.kind, luck.found.passing, luck.found.failing], ['within', 50, 52]);
    assert.deepEqual(luck.found.mixed, [64]);
  });

  it('ends for any results', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1 }), (answers) => {
        let asked = 0;
        const { found } = search(users(1, 64), 0.05, () => answers[asked++ % answers.length] === true);
        if (found.kind === 'within') assert.ok((found.passing ?? 0) < (found.failing ?? 0));
      }),
    );
  });

  it('says where higher levels meet what a lower one does not', () => {
    const { found } = search(users(1, 64), 0.05, (level) => level !== 8 && level <= 20);
    assert.deepEqual([found.kind, found.passing, found.failing], ['within', 7, 8]);
    assert.deepEqual(found.violations, []);
    const tried = [1, 1, 2, 2, 8, 8].map((level) => ({ level, met: level !== 2 }));
    const step = nextStep(tried, users(1, 8), 0.05);
    assert.ok(step.kind === 'found');
    assert.deepEqual([step.found.passing, step.found.failing, step.found.violations], [1, 2, [8]]);
  });

  it('ends at once where the lowest level fails, or the highest passes', () => {
    const none = search(users(1, 256), 0.05, () => false);
    assert.deepEqual(none.found, { kind: 'below', passing: undefined, failing: 1, violations: [], mixed: [] });
    assert.equal(none.tried.length, 2);
    const all = search(users(10, 25), 0.05, () => true);
    assert.deepEqual(
      all.tried.map(({ level }) => level),
      [10, 20, 25, 25],
    );
    assert.equal(all.found.kind, 'above');
  });

  it('takes rates with decimals', () => {
    const { found } = search({ name: 'RATE', low: 0.5, high: 20, step: 0.1 }, 0.01, (level) => level <= 3.71);
    assert.deepEqual([found.passing, found.failing], [3.7, 3.8]);
  });
});
