import assert from 'node:assert/strict';
import { assess, type QualityInputs } from '../../../engine/metrics/quality.js';
import type { ThresholdResult } from '../../../engine/metrics/thresholds.js';

/** A minute of a healthy run. */
const HEALTHY: QualityInputs = {
  above80: 0,
  above95: 0,
  loopDelay: 1,
  machineDelay: 0.5,
  longestStop: 40,
  longestMachineStop: 30,
  medianItl: 15,
  inflation: { ttft: 0.2, itl: 0.1, p99: 1 },
  thresholds: [],
  steady: 50_000,
  whole: 60_000,
  arrivals: 0,
  lateArrivals: 0,
  droppedArrivals: 0,
  isExhausted: false,
  undoneIterations: 0,
  missing: [],
  changes: [],
  requests: 5000,
  censored: 0,
  absences: [],
};

function threshold(source: string, samples: number): ThresholdResult {
  return { metric: 'llm_ttft', source, window: 'steady', observed: 5, ok: true, abortOnFail: false, samples };
}

const outlived = (call: string, count: number) => [{ call, count }];

/** A verdict with nothing to say. */
const VALID = { verdict: 'valid', reasons: [], notes: [], inflation: HEALTHY.inflation };

describe('the verdict on a run', () => {
  it('is valid without reasons when all is well', () => {
    assert.deepEqual(assess(HEALTHY), VALID);
  });

  it('is valid without delay probes', () => {
    const { verdict } = assess({ ...HEALTHY, loopDelay: undefined, machineDelay: undefined, medianItl: undefined });
    assert.equal(verdict, 'valid');
  });

  const faults: readonly (readonly [what: string, Partial<QualityInputs>, verdict: string, reason: RegExp])[] = [
    [
      'a busy worker',
      { above80: 5000 },
      'suspect',
      /^a worker was busy over 80 % of the time for 5\.0 s: use more workers/,
    ],
    ['an overloaded worker', { above80: 9000, above95: 5000 }, 'invalid', /^a worker was busy over 95 % .* for 5\.0 s/],
    ['a late event loop', { loopDelay: 2.6 }, 'suspect', /^the generator itself was late by 2\.1 ms .*2\.0 ms allowed/],
    ['one later than a tenth of the ITL', { loopDelay: 11, medianItl: 100 }, 'suspect', /late by 10\.5 ms .*10\.0 ms/],
    [
      'a worker that stood still',
      { longestStop: 1000 },
      'suspect',
      /^a worker was blocked for 1\.0 s by the script or garbage collection$/,
    ],
    [
      'a process that stood still',
      { longestStop: 2010, longestMachineStop: 2000 },
      'suspect',
      /^the whole process was suspended for 2\.0 s: it or its machine was stopped$/,
    ],
    [
      'an arrival rate that it missed',
      { arrivals: 5000, lateArrivals: 51, droppedArrivals: 40, isExhausted: true },
      'invalid',
      /^the generator missed the requested rate: 51 of 5000 iterations .* over 100 ms .*; use more workers/,
    ],
    ['requests beside the planned ones', { outlived: outlived('chat', 51) }, 'invalid', /^51 requests outlived their/],
    ['1 % of such requests', { outlived: outlived('chat', 50) }, 'suspect', /^50 requests outlived their iteration/],
    ['sleeps without await', { outlived: outlived('sleep', 5000) }, 'suspect', /^5000 calls outlived their iteration/],
    ['a lost worker', { missing: ['worker 2 died'] }, 'invalid', /^part of the load is missing: worker 2 died$/],
    [
      'a short steady state',
      { steady: 9999 },
      'suspect',
      /^the steady state lasted 10\.0 s; at least 10\.0 s are needed/,
    ],
    [
      'one short of a tenth of the run',
      { steady: 50_000, whole: 600_000 },
      'suspect',
      /lasted 50\.0 s; at least 60\.0 s/,
    ],
    ['no steady state', { steady: 0 }, 'suspect', /^the load never reached its steady state$/],
    [
      'a p(95) of few samples',
      { thresholds: [threshold('p(95)<500', 129)] },
      'suspect',
      /^the threshold llm_ttft p\(95\)<500 rests on 129 samples; p\(95\) needs 130$/,
    ],
    ['a p( 99 ) of few', { thresholds: [threshold('p( 99 ) < 5', 661)] }, 'suspect', /661 samples; p\(99\) needs 662$/],
    ['a median of few', { thresholds: [threshold('med<5', 10)] }, 'suspect', /rests on 10 samples; med needs 11$/],
  ];
  for (const [what, inputs, verdict, reason] of faults) {
    it(`is ${verdict} for ${what}`, () => {
      const found = assess({ ...HEALTHY, ...inputs });
      assert.equal(found.verdict, verdict);
      assert.equal(found.reasons.length, 1);
      assert.match(found.reasons[0]!, reason);
      assert.deepEqual(found.notes, []);
    });
  }

  it('does not advise more workers where an await is missing', () => {
    const { reasons } = assess({
      ...{ ...HEALTHY, above80: 9000, above95: 9000, arrivals: 10, lateArrivals: 10 },
      outlived: outlived('chat', 5000),
    });
    assert.match(reasons[0]!, /^5000 requests outlived their iteration/);
    assert.deepEqual(
      reasons.slice(1).map((reason) => reason.split(/[:;] /).at(-1)),
      Array(2).fill('first add the await'),
    );
  });

  const bearable: readonly (readonly [what: string, Partial<QualityInputs>])[] = [
    ['strain that does not last', { above80: 4999, above95: 4999 }],
    ['a delay of two milliseconds', { loopDelay: 2.5 }],
    ['a delay within a tenth of the ITL', { loopDelay: 10.5, medianItl: 100 }],
    ['a stop of less than a second', { longestStop: 999, longestMachineStop: 999 }],
    ['one late arrival in a hundred', { arrivals: 5000, lateArrivals: 50 }],
    ['a steady state of exactly ten seconds', { steady: 10_000 }],
    ['a steady state of exactly a tenth of the run', { steady: 60_000, whole: 600_000 }],
    ['a percentile of just enough samples', { thresholds: [threshold('p(95)<500', 130), threshold('med<5', 11)] }],
    ['a percentile without any sample, which holds', { thresholds: [threshold('p(95)<500', 0)] }],
    [
      'few samples of what needs none',
      { thresholds: ['avg<5', 'max<5', 'rate<1', 'count>0'].map((s) => threshold(s, 1)) },
    ],
  ];
  for (const [what, inputs] of bearable) {
    it(`is valid in spite of ${what}`, () => {
      assert.deepEqual(assess({ ...HEALTHY, ...inputs }), VALID);
    });
  }

  it("does not depend on the server's speed", () => {
    const slow = {
      medianItl: 5000,
      requests: 3,
      arrivals: 9000,
      droppedArrivals: 4000,
      isExhausted: true,
      censored: 64,
    };
    const { verdict, reasons, notes } = assess({ ...HEALTHY, ...slow });
    assert.deepEqual([verdict, reasons], ['valid', []]);
    assert.equal(notes.length, 2);
    assert.match(notes[0]!, /^dropped_iterations: 4000 of 9000 iterations were dropped, .*; raise maxVUs/);
    assert.match(notes[1]!, /^64 requests were still in flight at the end/);
  });

  it('advises preAllocatedVUs where a burst ended before users were created', () => {
    const { notes } = assess({ ...HEALTHY, arrivals: 200, droppedArrivals: 127 });
    assert.match(notes[0]!, /^dropped_iterations: 127 of 200 .*; raise preAllocatedVUs: VUs are added one at a time/);
    const late = { ...HEALTHY, arrivals: 200, droppedArrivals: 127, lateArrivals: 200 };
    assert.deepEqual(assess(late).notes, notes);
  });

  it('has no doubts about times where there are none', () => {
    const none = { ...HEALTHY, requests: 0 };
    assert.deepEqual(assess(none), { ...VALID, notes: ['no request ended'] });
    assert.match(assess({ ...none, isEmpty: true, steady: 9 }).reasons.join('\n'), /^nothing was measured: .*$/);
  });

  it("notes the machine's noise, and subtracts it from the generator's delay", () => {
    const { verdict, reasons, notes } = assess({ ...HEALTHY, loopDelay: 15, machineDelay: 8 });
    assert.deepEqual([verdict, reasons], ['valid', []]);
    assert.equal(notes.length, 1);
    assert.match(notes[0]!, /^this machine wakes even an idle thread 8\.0 ms late/);
  });

  it('is suspect where the server is on this machine and waits for its cores', () => {
    const { verdict, reasons } = assess({ ...HEALTHY, crowd: { threads: 20.4, cores: 2 } });
    assert.equal(verdict, 'suspect');
    assert.match(reasons[0]!, /^this machine was crowded, and the server is on it: 20\.4 threads .* 2 cores/);
    assert.equal(assess({ ...HEALTHY, crowd: { threads: 4, cores: 2 } }).verdict, 'valid');
  });

  it('is suspect on a busy machine, without blaming the generator', () => {
    const { verdict, reasons, notes } = assess({ ...HEALTHY, loopDelay: 30, machineDelay: 29 });
    assert.equal(verdict, 'suspect');
    assert.deepEqual(notes, []);
    assert.equal(reasons.length, 1);
    assert.match(reasons[0]!, /^this machine wakes even an idle thread 29\.0 ms late .* other processes keep it busy$/);
  });

  const noise: readonly (readonly [machineDelay: number, medianItl: number | undefined, seen: string])[] = [
    [2, undefined, 'nothing'],
    [2.1, undefined, 'a note'],
    [10, undefined, 'a note'],
    [10.1, undefined, 'a reason'],
    [10, 100, 'nothing'],
    [10.1, 100, 'a note'],
    [50, 100, 'a note'],
    [50.1, 100, 'a reason'],
  ];
  for (const [machineDelay, medianItl, seen] of noise) {
    it(`is ${seen} for ${machineDelay} ms of noise and a median ITL of ${medianItl ?? 'unknown'} ms`, () => {
      const { reasons, notes } = assess({ ...HEALTHY, loopDelay: machineDelay, machineDelay, medianItl });
      assert.equal(notes.length > 0 ? 'a note' : reasons.length > 0 ? 'a reason' : 'nothing', seen);
    });
  }

  it('takes unknown delays for 0', () => {
    assert.equal(assess({ ...HEALTHY, loopDelay: 2.5, machineDelay: undefined }).verdict, 'suspect');
    assert.equal(assess({ ...HEALTHY, loopDelay: 3, medianItl: undefined }).verdict, 'suspect');
    assert.deepEqual(assess({ ...HEALTHY, loopDelay: undefined, machineDelay: 1.5 }).notes, []);
  });

  it('notes a single one', () => {
    const { notes } = assess({ ...HEALTHY, undoneIterations: 1, censored: 1 });
    assert.equal(notes.length, 2);
    assert.equal(assess({ ...HEALTHY, thresholds: [threshold('p(50)<5', 1)] }).verdict, 'suspect');
  });

  it('lists all reasons, the worst first', () => {
    const { verdict, reasons } = assess({
      ...HEALTHY,
      above80: 6000,
      loopDelay: 80,
      steady: 0,
      missing: ['worker 1 died', 'worker 2 died'],
      thresholds: [threshold('p(95)<500', 5), threshold('p(99)<500', 5)],
    });
    assert.equal(verdict, 'invalid');
    assert.equal(reasons.length, 7);
    assert.deepEqual(
      reasons.map((reason) => /missing/.test(reason)),
      [true, true, false, false, false, false, false],
    );
  });

  it('is suspect where the server was away, with its times', () => {
    const { verdict, reasons } = assess({ ...HEALTHY, absences: [{ from: 7.52, to: 27.1 }] });
    assert.deepEqual(
      [verdict, reasons],
      ['suspect', ['the server was away from 7.5 s to 27.1 s: no request reached it']],
    );
  });
});
