import assert from 'node:assert/strict';
import { k6EnvironmentLayer, k6Variables } from '../../../engine/options/env-options.js';

describe('variables of k6', () => {
  const environment = { K6_VUS: '3', K6_DURATION: '2s', K6_WEB_DASHBOARD: 'true', TOKENSWARM_VUS: '4' };

  it('are options of its scripts, under their own names', () => {
    const { options, placeOf } = k6EnvironmentLayer(environment);
    assert.deepEqual(options, { vus: 3, duration: '2s' });
    assert.deepEqual([placeOf('vus'), placeOf('stages[0].target')], ['K6_VUS', 'K6_STAGES']);
  });

  it('are warned of elsewhere, where there is one of ours', () => {
    assert.deepEqual(k6Variables(environment), [
      'K6_VUS counts for scripts of k6 only: here it is TOKENSWARM_VUS',
      'K6_DURATION counts for scripts of k6 only: here it is TOKENSWARM_DURATION',
    ]);
  });
});
