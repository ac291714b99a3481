import { ExitCode, UserError } from '../errors.js';
import { combineSeeds, randomSource, shuffled } from '../random.js';
import { type Message, messagesOf, turnsOf } from './messages.js';
import { type Row, readRows } from './rows.js';
import { strideFor } from './stride.js';

/** A data set as one thread holds it: its rows and the order in which they are drawn. */
interface LoadedRows {
  readonly rows: readonly Row[];
  readonly order: Uint32Array;
  readonly stride: number;
}

/** Who draws. Nothing of it depends on the worker in which it happens. */
export interface Drawer {
  /** Number of the VU, from 0, and how many there are in the whole test. */
  readonly vu: number;
  readonly vus: number;
  readonly scenario: string;
  /** Number, in the whole test, of the scenario's iteration that is running; undefined outside of one. */
  readonly iteration: () => number | undefined;
}

/** The data sets of one thread: each file is read once, however many VUs draw from it. */
export class Datasets {
  readonly #seed: number;
  readonly #loaded = new Map<string, LoadedRows>();

  constructor(seed: number) {
    this.#seed = seed;
  }

  /**
   * A VU's own view of the data set in a file. The first draw of iteration i takes the row that stands at i in the
   * seeded order, so a scenario's iterations take each row once before any is taken again, whoever runs them; further
   * draws of an iteration are `stride` apart. Outside of iterations all VUs draw in turn.
   */
  open(path: string, { vu, vus, scenario, iteration }: Drawer): DrawnDataset {
    const { rows, order, stride } = this.#load(path);
    const size = rows.length;
    let running: number | undefined;
    let draws = 0;
    let outside = 0;
    const draw = (): { readonly row: Row; readonly index: number } => {
      const now = iteration();
      if (now !== running) draws = 0;
      running = now;
      const position = now ?? vu + outside * vus;
      const index = order[(position + this.#turn(size, position, scenario) + (draws % size) * stride) % size] ?? 0;
      if (now === undefined) outside += 1;
      else draws += 1;
      return { row: rows[index] ?? {}, index };
    };
    const read = <Found>(find: (row: Row) => Found | undefined): Found => {
      const { row, index } = draw();
      const found = find(row);
      if (found) return found;
      throw new UserError(`record ${index + 1} has no messages, prompt, instruction, question or conversations`, {
        where: path,
        hint: 'use row() and make the messages of it yourself',
        exitCode: ExitCode.scriptException,
      });
    };
    return {
      size,
      row: () => draw().row,
      next: () => read(messagesOf),
      turns: () => read(turnsOf),
    };
  }

  /**
   * Each lap is turned by an amount of its own, or a VU would draw the same row for ever where VUs are a multiple of
   * the rows; and each scenario, or all would draw the same row at the same time.
   */
  #turn(size: number, position: number, scenario: string): number {
    const lap = Math.floor(position / size);
    return Math.floor(randomSource(combineSeeds(this.#seed, size, lap, scenario))() * size);
  }

  #load(path: string): LoadedRows {
    const known = this.#loaded.get(path);
    if (known) return known;
    const rows = readRows(path);
    const order = shuffled(rows.length, combineSeeds(this.#seed, rows.length));
    const loaded = { rows, order, stride: strideFor(rows.length) };
    this.#loaded.set(path, loaded);
    return loaded;
  }
}

/** One VU's draws. */
export interface DrawnDataset {
  readonly size: number;
  row(): Row;
  next(): Message[];
  /** What the human says in the next row, turn by turn. */
  turns(): string[];
}
