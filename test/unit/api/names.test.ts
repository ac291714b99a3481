import assert from 'node:assert/strict';
import * as api from '../../../engine/api/index.js';
import { API_NAMES, missingImport } from '../../../engine/api/names.js';

describe('the names of the API', () => {
  it('are those that it exports', () => assert.deepEqual([...API_NAMES].sort(), Object.keys(api).sort()));

  it('are told where an import is missing', () => {
    assert.equal(missingImport('chat is not defined'), ": add import { chat } from 'tokenswarm'");
    assert.equal(missingImport('answer is not defined'), '');
    assert.equal(missingImport('chat is not a function'), '');
  });
});
