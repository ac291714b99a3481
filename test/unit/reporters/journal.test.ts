import assert from 'node:assert/strict';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RecordChange } from '../../../engine/metrics/record-change.js';
import { isJournal, recordInJournal } from '../../../engine/results/journal.js';
import { readRecord } from '../../../engine/results/saved-record.js';
import { openJournal } from '../../../reporters/journal.js';
import { readOutputs } from '../../../reporters/outputs.js';
import { testFolder } from '../../support/folder.js';
import { healthy } from './summaries.js';

const [POINT] = healthy.intervals;

/** A run whose record grows by one interval a second. The last may still change. */
class GrowingRun {
  seconds = 0;
  #known = 0;

  readonly changeOfRecord = (all: boolean): RecordChange => {
    const from = all ? 0 : Math.max(0, this.#known - 1);
    this.#known = this.seconds;
    const points = Array.from({ length: this.seconds - from }, (_, i) => ({
      ...POINT!,
      at: from + i,
      requests: this.seconds,
    }));
    return {
      record: { ...healthy, run: { ...healthy.run, outcome: 'running', seconds: this.seconds }, intervals: [] },
      intervals: { anew: all, points },
      server: { anew: all, points: [] },
      gpu: { anew: true, points: [] },
      rows: [],
    };
  };
}

describe('the journal of a run', () => {
  const folder = testFolder();

  async function openOne(name: string, mostBytes?: number) {
    const run = new GrowingRun();
    const troubles: unknown[] = [];
    const path = join(folder.path, name, 'run.journal');
    const { changeOfRecord } = run;
    const journal = await openJournal(readOutputs([`json=${folder.path}/${name}/run.json`]), {
      ...{ period: 1000, changeOfRecord, onTrouble: (error: unknown) => troubles.push(error) },
      ...(mostBytes !== undefined && { mostBytes }),
    });
    assert.ok(journal);
    /** Lets a second pass, and waits until the journal has been written. */
    const second = async () => {
      run.seconds += 1;
      await journal.onSnapshot({ elapsed: 1000 * run.seconds });
    };
    return { path, journal, second, troubles };
  }

  it('is readable wherever a kill cuts it', async () => {
    const { path, second } = await openOne('cut');
    const ends: number[] = [];
    for (let i = 0; i < 3; i += 1) {
      await second();
      ends.push(statSync(path).size);
    }
    const text = readFileSync(path, 'utf8');
    assert.equal(Buffer.byteLength(text), text.length);
    const cuts = Array.from({ length: 97 }, (_, i) => Math.round(ends[0]! + (i / 97) * (text.length - ends[0]!)));
    for (const cut of [...cuts, ...ends.flatMap((end) => [end - 1, end, end + 1]).slice(1, -1)]) {
      const { run, intervals } = recordInJournal(path, text.slice(0, cut)) as typeof healthy;
      const whole = ends.filter((end) => end <= cut).length;
      if (run.seconds !== whole || intervals.length !== whole) assert.fail(`${run.seconds} s of ${whole} at ${cut}`);
    }
    const { run, intervals } = await readRecord(path);
    assert.deepEqual([run.outcome, run.seconds], ['interrupted', 3]);
    // The second but last was changed after it had been written.
    assert.deepEqual(
      intervals.map(({ at, requests }) => [at, requests]),
      [
        [0, 2],
        [1, 3],
        [2, 3],
      ],
    );
  });

  it('appends no more after hours than at first', async () => {
    const { path, second } = await openOne('long');
    const sizes: number[] = [];
    for (let i = 0; i < 600; i += 1) {
      await second();
      sizes.push(statSync(path).size);
    }
    const added = sizes.slice(1).map((size, i) => size - sizes[i]!);
    assert.ok(
      Math.max(...added.slice(300)) <= Math.max(...added.slice(0, 10)) + 20,
      `${added[0]} to ${added.at(-1)} bytes`,
    );
    assert.equal((await readRecord(path)).intervals.length, 600);
  });

  it('is rewritten when it is too long, without loss', async () => {
    const { path, second } = await openOne('bounded', 1_000_000);
    for (let i = 0; i < 300; i += 1) {
      await second();
      assert.ok(statSync(path).size < 1_200_000, `${statSync(path).size} bytes`);
    }
    assert.equal((await readRecord(path)).intervals.length, 300);
  });

  it('is rewritten where its file is missing or another', async () => {
    const { path, second, troubles } = await openOne('gone');
    await second();
    rmSync(join(folder.path, 'gone'), { recursive: true });
    await second();
    assert.equal((await readRecord(path)).intervals.length, 2);
    writeFileSync(path, 'of somebody else');
    await second();
    assert.equal((await readRecord(path)).intervals.length, 3);
    assert.deepEqual(troubles, []);
  });

  it('reports once that it cannot be written, and tries again', async () => {
    const { path, second, troubles } = await openOne('blocked');
    await second();
    rmSync(join(folder.path, 'blocked'), { recursive: true });
    writeFileSync(join(folder.path, 'blocked'), 'a file where the folder was');
    await second();
    await second();
    assert.equal(troubles.length, 1);
    rmSync(join(folder.path, 'blocked'));
    await second();
    assert.equal((await readRecord(path)).intervals.length, 4);
  });

  it('is refused where a line but the last is damaged', () => {
    const whole = JSON.stringify({ schema: 'tokenswarm/journal', version: 1 });
    assert.ok(isJournal(whole));
    assert.throws(() => recordInJournal('run.journal', `${whole}\n`), /line 1 of this journal is damaged/);
    assert.throws(() => recordInJournal('run.journal', whole), /cut off in its first line/);
  });
});
