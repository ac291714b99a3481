import assert from 'node:assert/strict';
import { UserError } from '../../../../engine/errors.js';
import { labelDifferences, labelsOf, readLabels } from '../../../../engine/results/sweep/labels.js';
import { plannedRun } from '../../../../engine/results/sweep/planned-run.js';
import { checkPlaceholders, fillCommand, placeholdersOf } from '../../../../engine/results/sweep/server-command.js';
import { requestDifferences, withoutSecrets } from '../../../../engine/results/sweep/sweep-request.js';
import { readVariables } from '../../../../engine/results/sweep/vary.js';

describe('labels of several runs', () => {
  const variables = readVariables(['PEAK_USERS=1,4', 'TP=2']);

  it('are those of all, the values, and the number of the repetition', () => {
    const labels = readLabels(['gpu=H800', 'gpu=H800', 'tp=2'], variables);
    assert.deepEqual(labels, { gpu: 'H800', tp: '2' });
    assert.deepEqual(labelsOf(labels, plannedRun({ PEAK_USERS: '4', TP: '2' }, 3)), {
      gpu: 'H800',
      tp: '2',
      PEAK_USERS: '4',
      TP: '2',
      repeat: '3',
    });
    assert.deepEqual(
      labelsOf({}, plannedRun({ TP: '8' }, 1)),
      { tp: '8', TP: '8' },
      'under the name that is agreed too',
    );
  });

  it('may not contradict one another, nor what is varied', () => {
    assert.throws(
      () => readLabels(['gpu=H800', 'gpu=H20', 'peak_users=7', 'repeat=1', 'x'], variables),
      (error) => {
        assert.ok(error instanceof UserError && error.where === '--label');
        assert.deepEqual(error.message.split('\n'), [
          'gpu is both H800 and H20',
          'expected NAME=value, got "x"',
          'peak_users is 7, but PEAK_USERS is varied: 1, 4',
          'repeat is the label that numbers the repetitions of a run',
        ]);
        return true;
      },
    );
  });

  it('tell a record of something else', () => {
    const expected = { gpu: 'H800', PEAK_USERS: '4' };
    assert.deepEqual(labelDifferences(expected, { gpu: 'H800', PEAK_USERS: '4', team: 'x' }), []);
    assert.deepEqual(labelDifferences(expected, { gpu: 'H20', PEAK_USERS: '4' }), ['gpu is H20 in it, and H800 now']);
    assert.deepEqual(labelDifferences(expected, { PEAK_USERS: '4' }), ['gpu is not there in it, and H800 now']);
  });
});

describe('the settings of a command', () => {
  it("is compared with another's, flag by flag", () => {
    const before = { scenario: 'a.ts', text: 'sha256:1', '--repeat': '1', '--env HOLD': '10m' };
    const now = { scenario: 'a.ts', text: 'sha256:2', '--repeat': '2', '--model': 'x' };
    assert.deepEqual(requestDifferences(before, before), []);
    assert.deepEqual(requestDifferences(before, now), [
      'text has changed',
      '--repeat was 1, and is 2 now',
      '--env HOLD was 10m, and is not given now',
      '--model was not given, and is x now',
    ]);
  });

  it('is kept without secrets', () => {
    assert.equal(
      withoutSecrets('vllm serve m --api-key s3cret --hf-token="a b" --port 1 http://me:pw@host/v1'),
      'vllm serve m --api-key *** --hf-token=*** --port 1 http://***@host/v1',
    );
  });
});

describe("a server's command", () => {
  const command = `vllm serve {model} --tensor-parallel-size {TP} --json '{"a": {"b": 1}}' --x \${HOME} {TP}`;

  it('names values and labels, which are put in as a shell takes them', () => {
    assert.deepEqual(placeholdersOf(command), ['model', 'TP']);
    assert.equal(
      fillCommand(command, { model: "it's; a", TP: '2' }),
      `vllm serve 'it'\\''s; a' --tensor-parallel-size 2 --json '{"a": {"b": 1}}' --x \${HOME} 2`,
    );
  });

  it('accepts no other names', () => {
    checkPlaceholders(command, ['TP', 'model']);
    assert.throws(() => checkPlaceholders('serve {PT} {x}', ['TP', 'gpu']), {
      message:
        '{PT} is neither varied nor a label; there are: TP, gpu\n{x} is neither varied nor a label; there are: TP, gpu',
      where: '--server',
    });
    assert.throws(() => checkPlaceholders('serve {GPU}', ['gpu']), { message: /did you mean "gpu"\?$/ });
  });
});
