import assert from 'node:assert/strict';
import type { ErrorGroup, FailureGroup } from '../../../engine/metrics/delta.js';
import { errorGroups, failureGroups, MOST_CAUSES, MOST_GROUPS } from '../../../engine/metrics/groups.js';

const FAILURE: FailureGroup = {
  scenario: 'a',
  method: 'POST',
  name: 'short',
  kind: 'http_status',
  status: 500,
  count: 1,
  message: 'oops',
  firstAt: 100,
  lastAt: 100,
};

const ERROR: ErrorGroup = { scenario: 'a', message: 'x is null', where: 'a.ts:3:5', stack: 'at a.ts:3:5', count: 1 };

describe('groups of failures', () => {
  it('are put together with the message of the last, whichever is added first', () => {
    const early = { ...FAILURE, count: 3, firstAt: 100, lastAt: 900, message: 'early' };
    const late = { ...FAILURE, count: 4, firstAt: 800, lastAt: 2000, message: 'late' };
    for (const order of [
      [early, late],
      [late, early],
    ]) {
      const groups = failureGroups();
      for (const failure of order) groups.add(failure);
      assert.deepEqual(groups.all, [{ ...FAILURE, count: 7, firstAt: 100, lastAt: 2000, message: 'late' }]);
    }
  });

  it('are told apart by scenario, name, kind and status', () => {
    const groups = failureGroups();
    const others = [{ scenario: 'b' }, { name: 'long' }, { kind: 'timeout' }, { status: 503 }, { status: undefined }];
    for (const other of [{}, ...others]) groups.add({ ...FAILURE, ...other });
    groups.add({ ...FAILURE, message: 'another message' });
    assert.equal(groups.all.length, 6);
    assert.equal(groups.all[0]?.count, 2);
  });

  const malformed = (message: string) => ({ ...FAILURE, kind: 'malformed', status: 200, message });
  const messagesOf = (messages: readonly string[]) => {
    const groups = failureGroups();
    for (const message of messages) groups.add(malformed(message));
    return groups.all.map(({ message, count }) => [message, count]);
  };

  it('are separated by cause where answers were malformed', () => {
    const counted = messagesOf([
      'not HTTP: a chunk has no size',
      'not HTTP: content-length is "-1"',
      'an event is not JSON: hello',
      'not HTTP: content-length is "many"',
      'an event is not JSON: {"choi',
      'the answer cannot be read: choices[0].delta.content is 5, expected text',
      'the answer cannot be read: choices[0].delta.content is 17, expected text',
    ]);
    assert.deepEqual(counted, [
      ['not HTTP: a chunk has no size', 1],
      ['not HTTP: content-length is "many"', 2],
      ['an event is not JSON: {"choi', 2],
      ['the answer cannot be read: choices[0].delta.content is 17, expected text', 2],
    ]);
  });

  it('have at most a few causes, and one for the rest', () => {
    const causes = Array.from({ length: 20 }, (_, i) => `cause ${'x'.repeat(i + 1)}`);
    const counted = messagesOf([...causes, 'cause x', ...causes]);
    assert.equal(counted.length, MOST_CAUSES + 1);
    assert.deepEqual(
      [counted[0], counted.at(-1)],
      [
        ['cause x', 3],
        [causes.at(-1), 30],
      ],
    );
  });

  it('are separated even where names have spaces', () => {
    const groups = failureGroups();
    groups.add({ ...FAILURE, scenario: 'a', name: 'b c' });
    groups.add({ ...FAILURE, scenario: 'a b', name: 'c' });
    assert.equal(groups.all.length, 2);
  });

  it('lose only their names beyond the limit', () => {
    const groups = failureGroups();
    for (let i = 0; i < MOST_GROUPS + 50; i += 1) groups.add({ ...FAILURE, name: `name ${i}` });
    for (let i = 0; i < 5; i += 1) groups.add({ ...FAILURE, name: `late ${i}`, kind: 'timeout' });
    groups.add({ ...FAILURE, name: 'name 7' });
    const folded = groups.all.filter(({ name }) => name === '(other)');
    const counts = folded.map(({ kind, count }) => [kind, count]);
    assert.deepEqual(counts, [
      ['http_status', 50],
      ['timeout', 5],
    ]);
    assert.equal(groups.all.length, MOST_GROUPS + 2);
    assert.equal(groups.all[7]?.count, 2);
  });

  it('are removed once taken', () => {
    const groups = failureGroups();
    groups.add(FAILURE);
    assert.deepEqual(groups.drain(), [FAILURE]);
    assert.deepEqual(groups.drain(), []);
    groups.add(FAILURE);
    assert.deepEqual(groups.all, [FAILURE]);
  });
});

describe('groups of errors', () => {
  it('are put together by the place that threw them, with the message of the first', () => {
    const groups = errorGroups();
    groups.add(ERROR);
    groups.add({ ...ERROR, message: 'y is null', count: 5 });
    groups.add({ ...ERROR, where: 'a.ts:4:5' });
    groups.add({ ...ERROR, scenario: 'b' });
    assert.deepEqual(
      groups.all.map(({ message, count }) => [message, count]),
      [
        ['x is null', 6],
        ['x is null', 1],
        ['x is null', 1],
      ],
    );
  });

  it('without a place go by their message, but for its numbers', () => {
    const groups = errorGroups();
    for (let user = 0; user < 300; user += 1)
      groups.add({ ...ERROR, where: undefined, message: `user ${user} is gone` });
    groups.add({ ...ERROR, where: undefined, message: 'all users are gone' });
    assert.deepEqual(
      groups.all.map(({ message, count }) => [message, count]),
      [
        ['user 0 is gone', 300],
        ['all users are gone', 1],
      ],
    );
  });

  it('are counted together beyond the limit, by scenario', () => {
    const groups = errorGroups();
    for (let line = 0; line < MOST_GROUPS + 20; line += 1) groups.add({ ...ERROR, where: `a.ts:${line}:1`, count: 2 });
    assert.equal(groups.all.length, MOST_GROUPS + 1);
    const folded = { scenario: 'a', message: '(other errors)', where: undefined, stack: '', count: 40 };
    assert.deepEqual(groups.all.at(-1), folded);
  });
});
