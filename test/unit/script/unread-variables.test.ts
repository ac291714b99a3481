import assert from 'node:assert/strict';
import { unreadVariables } from '../../../engine/script/unread-variables.js';
import { testFolder } from '../../support/folder.js';

const CODE = `
const peak = import_tokenswarm.env.whole("PEAK_USERS", 64);
const hold = __tokenswarm.env.HOLD, other = __tokenswarm.env['OTHER'];
`;

describe('unused variables', () => {
  const script = testFolder().write('scenario.cjs', CODE);

  it('are reported with the nearest used name', async () => {
    assert.deepEqual(await unreadVariables(['PEAK_USER', 'HOLDS', 'HOLD', 'XY'], { script, packages: undefined }), [
      '-e PEAK_USER: nothing in the scenario reads it; did you mean "PEAK_USERS"?',
      '-e HOLDS: nothing in the scenario reads it; did you mean "HOLD"?',
      '-e XY: nothing in the scenario reads it',
    ]);
  });

  it('are none where the name stands anywhere in the code', async () => {
    assert.deepEqual(await unreadVariables(['PEAK_USERS', 'HOLD', 'OTHER'], { script, packages: undefined }), []);
  });
});
