import assert from 'node:assert/strict';
import { defaultOf } from '../../../engine/options/option.js';
import { flagOf } from '../../../engine/options/option-names.js';
import { OPTIONS } from '../../../engine/options/option-table.js';

describe('the table of options', () => {
  it('names variables like options, each once', () => {
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

  it('has the flag of an option', () => {
    const flags = ['vus', 'stages', 'tags', 'baseUrl', 'preflight', 'scenarios'].map(flagOf);
    assert.deepEqual(flags, ['--vus', '--stage', '--tag', '--base-url', '--no-preflight', 'scenarios']);
  });

  it('has the default of the schema, else in words', () => {
    const text = (name: string) => OPTIONS.filter((row) => row.name === name).map(defaultOf)[0];
    assert.deepEqual(['setupTimeout', 'batch', 'preflight', 'protocol', 'tags', 'model', 'duration'].map(text), [
      '1m',
      '20',
      'true',
      'chat',
      '',
      'the first that the server lists',
      '',
    ]);
  });
});
