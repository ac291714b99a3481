import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { configError, ExitCode } from '../../engine/errors.js';
import type { Invocation } from '../invocation.js';
import { type Io, printLine } from '../io.js';
import { ownName } from '../own-name.js';

/** `tokenswarm new`: a scenario to start from. */
export function newCommand({ io, action }: Invocation): Command {
  return new Command('new')
    .description('write a short commented scenario')
    .argument('[file]', 'file to write', 'scenario.ts')
    .action(action((file: string) => writeScenario(io, file)));
}

/** Endings of scenarios. The template has types, which JavaScript cannot read. */
const SCRIPT = /\.[cm]?ts$/;

async function writeScenario({ stdout, cwd, env }: Io, file: string): Promise<number> {
  if (!SCRIPT.test(file)) {
    throw configError(file, 'a scenario is a .ts file', `for example ${ownName(env)} new my-test.ts`);
  }
  try {
    await writeFile(resolve(cwd, file), SCENARIO, { flag: 'wx' });
  } catch (error) {
    const exists = (error as { code?: string }).code === 'EEXIST';
    throw configError(
      file,
      exists ? 'the file exists already' : `cannot be written: ${(error as Error).message}`,
      exists ? 'give another name; nothing was overwritten' : 'does the folder exist?',
    );
  }
  printLine(stdout, `wrote ${file}; now try: ${ownName(env)} try ${file} --simulate`);
  return ExitCode.ok;
}

/** Scenario that `new` writes. The README shows the same. */
const SCENARIO = `import { chat, check, type Options, peakUsers, sleep } from 'tokenswarm';

export const options = {
  // Ramp to 10 users in 10 seconds, hold them for a minute. Figures are of the hold.
  scenarios: { peak: peakUsers(10, { ramp: '10s', hold: '1m' }) },
  // The run fails (exit code 99) when one of these does not hold. Times are milliseconds.
  thresholds: {
    llm_ttft: ['p(95)<500'],
    llm_failed: ['rate<0.01'],
  },
} satisfies Options;

// Everything up to the function is evaluated once for each user.
const questions = ['为什么天空是蓝色的？', 'How do plants know when to bloom?', '请用三句话解释什么是复利。'];
let turn = 0;

// Each user calls this again and again.
export default async function () {
  const answer = await chat({
    messages: [{ role: 'user', content: questions[turn % questions.length] ?? '' }],
    maxTokens: 128,
    // A request is good when it meets these: the share of good ones is the goodput.
    slo: { ttft: 500, tpot: 50 },
  });
  turn += 1;

  // A failed request is an answer too: nothing is thrown.
  check(answer, { 'has an answer': (a) => a.ok && a.text.length > 0 });

  await sleep('1s');
}
`;
