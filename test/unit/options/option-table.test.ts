import assert from 'node:assert/strict';
import { flagOf } from '../../../engine/options/option-names.js';
import { COMMAND_OPTIONS } from '../../../engine/options/option-row.js';
import { OPTIONS } from '../../../engine/options/option-table.js';
import { optionsShape } from '../../../engine/options/scenario-options.js';

describe('the table of options', () => {
  it('has a row for every option that a layer may have, and for those of the command line', () => {
    const names = [...new Set(OPTIONS.map(({ name }) => name.replace(/\..*/, '')))].toSorted();
    assert.deepEqual(names, [...Object.keys(optionsShape.entries), ...COMMAND_OPTIONS].toSorted());
  });

  it('names variables as the options, and says nothing twice', () => {
    for (const { name, kind, flag, variable, commands } of OPTIONS) {
      const snake = `TOKENSWARM_${name.replace(/(?<=[a-z])[A-Z]|(?<=[A-Z])[A-Z](?=[a-z])|\./g, (at) => `_${at.replace('.', '')}`).toUpperCase()}`;
      assert.ok(variable === undefined || variable === snake, name);
      assert.equal(kind === undefined, flag === undefined && variable === undefined, name);
      assert.equal(flag === undefined, commands === undefined, name);
    }
    for (const all of [OPTIONS.map(({ flag }) => flag), OPTIONS.map(({ variable }) => variable)]) {
      const given = all.filter((text) => text !== undefined);
      assert.equal(new Set(given).size, given.length);
    }
  });

  it('knows the flag of an option', () => {
    const flags = ['vus', 'stages', 'tags', 'baseUrl', 'preflight', 'scenarios'].map(flagOf);
    assert.deepEqual(flags, ['--vus', '--stage', '--tag', '--base-url', '--no-preflight', 'scenarios']);
  });
});
