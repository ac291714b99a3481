import assert from 'node:assert/strict';
import { LaneBook, type SessionLane } from '../../../engine/metrics/session-lanes.js';

describe('the sessions of a record over time', () => {
  const lane = (user: number, spans: number): SessionLane => ({
    ...{ user, name: 'job', outcome: 'ended' },
    agents: [{ name: 'job', from: 0, to: 10, spans: Array(3 * spans).fill(0) }],
  });
  const kept = (book: LaneBook) => book.lanes?.sessions.map(({ user }) => user);

  it('are all kept where there is room, by user', () => {
    const book = new LaneBook(10);
    assert.equal(kept(book), undefined);
    for (const user of [2, 1, 2]) book.add(lane(user, 2));
    assert.deepEqual([kept(book), book.lanes?.users, book.lanes?.of], [[1, 2, 2], 2, 2]);
  });

  it('are those of the first users where there is none, over the whole run', () => {
    const book = new LaneBook(10);
    for (const user of [3, 1, 2, 3, 2, 1]) book.add(lane(user, 1));
    // Six of two spans each have no room: user 3 has left, and does not come back.
    book.add(lane(3, 0));
    assert.deepEqual([kept(book), book.lanes?.users, book.lanes?.of], [[1, 1, 2, 2], 2, 3]);
  });

  it('are none where a single user has too many', () => {
    const book = new LaneBook(3);
    book.add(lane(1, 5));
    assert.deepEqual([kept(book), book.lanes?.users, book.lanes?.of], [[], 0, 1]);
  });
});
