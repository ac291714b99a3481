import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { COMMAND } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { sharedSimulator } from '../support/simulator.js';

/** Open files of the process, and users that each want a socket. */
const FILES = 300;
const USERS = 400;

describe('more users than a process may open files', () => {
  const folder = testFolder();

  it('are told before the load, and make the run invalid for that reason', async function () {
    if (process.platform !== 'linux') this.skip();
    this.timeout(60_000);
    const { url } = await sharedSimulator();
    const file = folder.write(
      'many.ts',
      `import { chat } from 'tokenswarm';
       export const options = { vus: ${USERS}, duration: '3s' };
       export default async function () { await chat({ messages: 'hi' }); }`,
    );
    const record = `json=${folder.path}/many.json`;
    const command = [
      COMMAND,
      'run',
      file,
      '--base-url',
      url,
      '--model',
      'sim-ttft300-itl20-len10',
      '--out',
      record,
      '--workers',
      '2',
    ];
    const limited = ['-c', `ulimit -n ${FILES}; exec "$@"`, 'sh', process.execPath, ...command];
    const { stdout, stderr } = await promisify(execFile)('sh', limited, { timeout: 40_000 });
    assert.match(stdout + stderr, /400 users may need 4\d\d open files, and this process may open 300/);
    const { quality, failures, errors } = folder.summary('many.json');
    assert.deepEqual(errors, []);
    assert.equal(quality.verdict, 'invalid');
    assert.match(quality.reasons[0] ?? '', /^the load was not the planned one: \d+ requests found no open file left/);
    assert.ok(quality.reasons.every((reason) => !/was busy|was away/.test(reason)));
    assert.match(failures[0]?.message ?? '', /^this process has no open file left \(EMFILE\)/);
  });
});
