import { ExitCode, UserError } from '../errors.js';
import { combineSeeds, randomSource, shuffled } from '../random.js';
import { type Message, messagesOf } from './messages.js';
import { type Row, readRows } from './rows.js';

/** A data set as one thread holds it: its rows and the order in which they are drawn. */
interface LoadedRows {
  readonly rows: readonly Row[];
  readonly order: Uint32Array;
}

/** Which draws of a data set are one VU's own: all VUs together draw each row once before any is drawn again. */
export interface Drawer {
  /** Number of the VU, from 0, and how many there are in the whole test. */
  readonly vu: number;
  readonly vus: number;
}

/** The data sets of one thread: each file is read once, however many VUs draw from it. */
export class Datasets {
  readonly #seed: number;
  readonly #loaded = new Map<string, LoadedRows>();

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** A VU's own view of the data set in a file. */
  open(path: string, { vu, vus }: Drawer): DrawnDataset {
    const { rows, order } = this.#load(path);
    let draws = 0;
    const draw = (): { readonly row: Row; readonly index: number } => {
      const position = vu + draws * vus;
      // Each lap is turned by an amount of its own, or a VU would draw the same row for ever where VUs are a multiple
      // of the rows.
      const lap = Math.floor(position / rows.length);
      const turn = Math.floor(randomSource(combineSeeds(this.#seed, rows.length, lap))() * rows.length);
      const index = order[(position + turn) % rows.length] ?? 0;
      draws += 1;
      return { row: rows[index] ?? {}, index };
    };
    return {
      size: rows.length,
      row: () => draw().row,
      next: () => {
        const { row, index } = draw();
        const messages = messagesOf(row);
        if (messages) return messages;
        throw new UserError(`record ${index + 1} has no messages, prompt, instruction, question or conversations`, {
          where: path,
          hint: 'use row() and make the messages of it yourself',
          exitCode: ExitCode.scriptException,
        });
      },
    };
  }

  #load(path: string): LoadedRows {
    const known = this.#loaded.get(path);
    if (known) return known;
    const rows = readRows(path);
    const loaded = { rows, order: shuffled(rows.length, combineSeeds(this.#seed, rows.length)) };
    this.#loaded.set(path, loaded);
    return loaded;
  }
}

/** One VU's draws. */
export interface DrawnDataset {
  readonly size: number;
  row(): Row;
  next(): Message[];
}
