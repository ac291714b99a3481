import assert from 'node:assert/strict';
import { withoutFile } from '../../../engine/metrics/missing-files.js';

const group = { scenario: '', method: 'POST', name: 'chat', status: undefined, firstAt: 0, lastAt: 1 };

describe('requests without an open file', () => {
  it('are counted by the code of their error, of a process or of the system', () => {
    const failures = [
      { ...group, kind: 'connect', count: 3, message: 'this process has no open file left (EMFILE)' },
      { ...group, kind: 'connect', count: 2, message: 'this machine has no open file left (ENFILE)' },
      { ...group, kind: 'connect', count: 5, message: 'connect ECONNREFUSED 127.0.0.1:1' },
      { ...group, kind: 'http_status', count: 7, message: 'the server says EMFILE' },
    ];
    assert.equal(withoutFile(failures), 5);
  });
});
