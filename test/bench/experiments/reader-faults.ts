import { spawnSync } from 'node:child_process';
import { isDeepStrictEqual } from 'node:util';
import { threadReader } from '../../../engine/client/reader/native-reader.js';
import { randomSource } from '../../../engine/random.js';
import { readAnswer } from '../../support/reader/fed-answer.js';
import { hostileAnswer } from '../../support/reader/hostile-answers.js';
import { inFolder } from '../measure.js';
import { buildFuzz } from '../native.js';
import type { Bench, Experiment, Figure } from './experiment.js';

const BYTES = 1e8;
const ANSWERS = 1e6;

/** Findings of sanitizers, and answers that JavaScript reads otherwise. */
export const readerFaults: Experiment = {
  name: 'reader-faults',
  title: 'Faults of the reader in C',
  when: 'when named',
  run: async (bench) => [...(await inFolder(async (folder) => fuzz(folder, bench))), ...(await compare(bench))],
};

function fuzz(folder: string, { quick, log }: Bench): readonly Figure[] {
  const bytes = quick ? BYTES / 100 : BYTES;
  const { status, stdout, stderr } = spawnSync(buildFuzz(folder), [String(bytes), '1'], { encoding: 'utf8' });
  if (status !== 0) log(stderr.split('\n').slice(0, 20).join('\n'));
  const { events = 0 } = (status === 0 ? JSON.parse(stdout) : {}) as { readonly events?: number };
  return [
    {
      what: `AddressSanitizer and UBSan, ${bytes.toExponential()} bytes`,
      value: status === 0 ? 0 : 1,
      unit: 'findings',
      goal: 0,
    },
    { what: 'events recognized in them', value: events, unit: 'events', least: bytes / 1000 },
  ];
}

async function compare({ quick, log }: Bench): Promise<readonly Figure[]> {
  const reader = threadReader();
  if (!reader) throw new Error('the reader in C is not built: npm run build needs a C compiler (cc)');
  const answers = quick ? ANSWERS / 100 : ANSWERS;
  let different = 0;
  for (let seed = 0; seed < answers; seed += 1) {
    const { reads } = hostileAnswer(randomSource(seed));
    if (isDeepStrictEqual(await readAnswer(reads, reader), await readAnswer(reads, undefined))) continue;
    different += 1;
    log(`answer ${seed} differs`);
  }
  return [{ what: `answers that differ, of ${answers.toExponential()}`, value: different, unit: 'answers', goal: 0 }];
}
