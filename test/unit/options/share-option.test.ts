import assert from 'node:assert/strict';
import { environmentLayer } from '../../../engine/options/env-options.js';
import { ownPlan } from '../../../engine/options/plan.js';
import { planned, problemsOf } from '../script/planned.js';

const USERS = { vus: 5, duration: '10s' };

function shareOf(options: object): string {
  const { index, count } = planned({ ...USERS, ...options }).plan.share;
  return `${index + 1}/${count}`;
}

describe('the share of a machine', () => {
  it('is everything by default', () => assert.equal(shareOf({}), '1/1'));

  it('counts from 1, and may be the only one', () => {
    assert.equal(shareOf({ share: '2/3' }), '2/3');
    assert.equal(shareOf({ share: ' 1 / 1 ' }), '1/1');
  });

  it("is any of k6's equal segments", () => {
    const of = (executionSegment: string) => shareOf({ executionSegment });
    assert.deepEqual(['0:1/4', '1/4:2/4', '1/2:3/4', '3/4:1'].map(of), ['1/4', '2/4', '3/4', '4/4']);
    assert.deepEqual(['0:0.25', '25%:50%', ':1/2', '1/2:', '1/3'].map(of), ['1/4', '2/4', '1/2', '2/2', '1/3']);
    assert.equal(shareOf({ executionSegment: '1/3:2/3', executionSegmentSequence: '0,1/3,2/3,1' }), '2/3');
  });

  it('is refused where it does not exist', () => {
    for (const share of ['0/3', '4/3', '1/0', '2', '1/3/5', '-1/3', '1.5/3', '', 2]) {
      const [problem] = problemsOf({ ...USERS, share });
      assert.match(problem ?? '', /^share: expected a share such as "2\/3", the second of three machines, .*, got /);
    }
    assert.match(problemsOf({ ...USERS, share: '0/3' })[0] ?? '', /; shares count from 1$/);
    for (const executionSegment of ['0:2/3', '1/4:1', '1/2:1/4', '1/4:2/3', '0:1:2', 'a:b', '0:1/0']) {
      const [problem] = problemsOf({ ...USERS, executionSegment });
      assert.match(problem ?? '', /^executionSegment: expected one of equal segments/);
    }
    const [unequal] = problemsOf({ ...USERS, executionSegment: '0:1/2', executionSegmentSequence: '0,1/4,1' });
    assert.match(unequal ?? '', /^executionSegmentSequence: expected limits of equal segments/);
  });

  it('is given once, with one way to start', () => {
    assert.deepEqual(problemsOf({ ...USERS, share: '1/2', executionSegment: '1/2:1' }), [
      'executionSegment: is 2/2 of the run, but share is 1/2: give one of the two',
    ]);
    assert.deepEqual(problemsOf({ ...USERS, startTogether: 'here' }), ['startTogether: needs share, such as 1/2']);
    assert.deepEqual(
      problemsOf({ ...USERS, share: '1/2', startTogether: 'here', startAt: '2026-12-01T08:00:00+08:00' }),
      ['startAt: excludes startTogether: give one of the two'],
    );
    assert.match(problemsOf({ ...USERS, startAt: '08:00' })[0] ?? '', /^startAt: expected an instant such as/);
    assert.equal(
      planned({ ...USERS, startAt: '2026-12-01T08:00:00+08:00' }).plan.options.startAt,
      '2026-12-01T00:00:00.000Z',
    );
  });

  it('is the number of a pod in an indexed Job', () => {
    const read = (environment: Record<string, string>) => {
      const layer = environmentLayer(environment, assert.fail);
      return planned(USERS, { layers: [{ ...layer, options: { ...USERS, ...(layer.options as object) } }] }).plan.share;
    };
    const JOB = { TOKENSWARM_SHARE: 'job/4' };
    assert.deepEqual(read({ ...JOB, JOB_COMPLETION_INDEX: '0' }), { index: 0, count: 4 });
    assert.deepEqual(read({ ...JOB, JOB_COMPLETION_INDEX: '3' }), { index: 3, count: 4 });
    for (const environment of [JOB, { ...JOB, JOB_COMPLETION_INDEX: '4' }]) {
      assert.throws(
        () => read(environment),
        /TOKENSWARM_SHARE: expected .*; JOB_COMPLETION_INDEX holds no number below/,
      );
    }
  });
});

describe('the plan of a share', () => {
  it('adds up to the whole plan', () => {
    const scenarios = {
      a: { executor: 'ramping-vus', stages: [{ duration: '10s', target: 7 }] },
      b: { executor: 'constant-arrival-rate', rate: 30, duration: '10s', preAllocatedVUs: 4, maxVUs: 9 },
      c: { executor: 'shared-iterations', vus: 3, iterations: 11 },
      d: { executor: 'per-vu-iterations', vus: 2, iterations: 6 },
    };
    const { plan } = planned({ scenarios });
    const shares = [0, 1, 2].map((n) => ownPlan(planned({ scenarios, share: `${n + 1}/3` }).plan));
    const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
    assert.equal(sum(shares.map(({ vus }) => vus)), plan.vus);
    for (const [n, { load }] of plan.scenarios.entries()) {
      const own = shares.map(({ scenarios }) => scenarios[n]?.load);
      assert.equal(sum(own.map((part) => part?.maxVus ?? 0)), load.maxVus);
      if (load.kind === 'open') {
        const rates = own.map((part) => (part?.kind === 'open' ? (part.legs[0]?.from ?? 0) : 0));
        assert.ok(Math.abs(sum(rates) - (load.legs[0]?.from ?? 0)) < 1e-9);
      } else {
        for (const [step, { vus }] of load.steps.entries()) {
          assert.equal(sum(own.map((part) => (part?.kind === 'closed' ? (part.steps[step]?.vus ?? 0) : 0))), vus);
        }
      }
    }
  });
});
