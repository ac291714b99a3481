import assert from 'node:assert/strict';
import { History } from '../../../../reporters/dashboard/history.js';
import { midway } from '../snapshots.js';
import { seconds } from './views.js';

function historyOf(count: number, missing?: (second: number) => boolean): History {
  const history = new History();
  for (const snapshot of seconds(count, missing)) history.add(snapshot);
  return history;
}

describe('the history of a run', () => {
  it('has every second of the last minutes', () => {
    const history = historyOf(1000);
    assert.deepEqual([history.within('1m').length, history.within('1m')[0]?.at], [61, 939]);
    assert.deepEqual([history.within('5m').length, history.within('5m')[0]?.at], [301, 699]);
    assert.equal(history.latest?.at, 999);
  });

  it('adds an interval once, however often it is shown', () => {
    const history = new History();
    for (const snapshot of [...seconds(3), ...seconds(3), { ...midway, interval: undefined }]) history.add(snapshot);
    assert.equal(history.within('whole run').length, 3);
  });

  it('keeps ten hours in bounded memory, from first to last and with their peaks', () => {
    const peak = 17_777;
    const history = new History();
    for (const snapshot of seconds(36_000)) {
      const { interval } = snapshot;
      const isPeak = interval?.at === peak;
      history.add(
        isPeak
          ? { ...snapshot, interval: { ...interval, vus: 999, ttft: { count: 1, p50: 1, p95: 2, p99: 9999 } } }
          : snapshot,
      );
    }
    const all = history.within('whole run');
    assert.ok(all.length <= 800 && all.length > 400, `${all.length}`);
    assert.deepEqual([all[0]?.at, (all.at(-1)?.at ?? 0) + (all.at(-1)?.seconds ?? 0)], [0, 36_000]);
    assert.equal(Math.max(...all.map(({ vus }) => vus)), 999);
    assert.equal(Math.max(...all.map(({ latencies }) => latencies.ttft.p99 ?? 0)), 9999);
    const tokens = all.reduce((sum, moment) => sum + moment.outputTokens * moment.seconds, 0);
    const exact = (36_000 * (500 + 500 + 35_999)) / 2;
    assert.ok(Math.abs(tokens / exact - 1) < 1e-9, 'means over merged seconds are true');
  });

  it('has a gap where seconds are missing', () => {
    const moments = historyOf(20, (second) => second >= 5 && second < 9).within('1m');
    const gaps = moments.filter(({ at }, index) => index > 0 && at > (moments[index - 1]?.at ?? 0) + 1);
    assert.deepEqual(
      gaps.map(({ at }) => at),
      [9],
    );
  });
});
