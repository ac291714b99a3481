import assert from 'node:assert/strict';
import { LIVE_OUTPUTS } from '../../../reporters/live-outputs.js';
import { rowsBelow } from '../../support/page.js';

describe('outputs during a run', () => {
  it('stand in docs/monitoring.md', () => {
    assert.deepEqual(
      rowsBelow('monitoring.md', '## Outputs'),
      LIVE_OUTPUTS.map(({ name, place, meaning }) => [`\`${name}\``, place, meaning]),
    );
  });
});
