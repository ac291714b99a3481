import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { ExitCode, scriptError, UserError } from '../errors.js';
import { combineSeeds, randomSource } from '../random.js';
import { openTokenizer } from '../tokens/tokenizer.js';
import { doubtOf } from '../tokens/tokenizer-parts.js';
import { sizeText } from './data-error.js';
import { recordDraw } from './draw-count.js';
import type { Message } from './message-text.js';
import { type Prompt, promptOf, type Row, type Talk, talkOf } from './row-prompt.js';
import { readRows, rowReader } from './rows.js';
import { salted, salts } from './salt.js';
import { type DatasetOptions, keyOf, type SharedDataset, sharedDataset } from './shared-dataset.js';
import { strideFor } from './stride.js';
import { estimateTokens } from './token-estimate.js';

/** Size up to which each thread caches parsed rows, in bytes. Rows of larger files are parsed at each draw. */
const KEPT = 16 * 2 ** 20;

/** Size up to which files are read during evaluation, in bytes. An evaluation has only seconds. */
export const PATIENCE = 64 * 2 ** 20;

/** Factor of the reading time where a tokenizer counts. */
const TOKENIZED = 64;

/** Identity of a draw, independent of the worker. */
export interface Drawer {
  /** Index of the VU, from 0, and number of VUs. */
  readonly vu: number;
  readonly vus: number;
  readonly scenario: string;
  /** Test-wide number of the scenario's current iteration; undefined outside. */
  readonly iteration: () => number | undefined;
}

/** Data set as one VU draws from it. */
export interface DrawnDataset {
  readonly size: number;
  row(): Row;
  next(): Message[];
  /** Draws a row and returns its human turns. */
  turns(): string[];
  /** Draws a row as its user turns and system message. */
  talk(): Talk;
  draw(): { readonly messages: Message[]; readonly maxTokens: number | undefined };
}

/** Initial state of a thread's data sets. */
export interface Beginning {
  /** Data sets that another thread has read. */
  readonly known?: readonly SharedDataset[];
  /** Called for each data set that this thread reads itself. */
  readonly onRead?: (dataset: SharedDataset) => void;
  /** Largest file read while a user is created, in bytes; default: any. */
  readonly patience?: number;
}

/**
 * Thrown for a file that takes too long to read now. A caller that can wait reads it and evaluates the scenario again;
 * for a worker, whose other users wait, it is fatal.
 */
export class Unread extends UserError {
  readonly read: () => void;

  constructor(path: string, size: number, read: () => void) {
    super(`a data set of ${sizeText(size)} that only some users open cannot be read`, {
      where: path,
      hint: 'open it for all of them, regardless of __VU or the env of a scenario',
      exitCode: ExitCode.scriptException,
    });
    this.read = read;
  }
}

/** Data sets of one thread. Each file is read once for all its VUs. */
export class Datasets {
  readonly #seed: number;
  readonly #loaded: Map<string, SharedDataset>;
  readonly #rowAt = new Map<string, (index: number) => Row>();
  readonly #strides = new Map<number, number>();
  readonly #onRead: NonNullable<Beginning['onRead']>;
  readonly #patience: number;
  /** Warnings about tokenizers that count for data sets. */
  readonly doubts = new Set<string>();

  constructor(seed: number, { known = [], onRead, patience = Number.POSITIVE_INFINITY }: Beginning = {}) {
    this.#seed = seed;
    this.#loaded = new Map(known.map((dataset) => [dataset.key, dataset]));
    this.#onRead = onRead ?? (() => undefined);
    this.#patience = patience;
  }

  /** Data sets known here, for the threads of a run with `seed`. */
  share(seed: number): SharedDataset[] {
    return [...this.#loaded.values()].map((one) => sharedDataset(one.key, one.rows, one.salted, seed));
  }

  /**
   * Opens a VU's view of a data set. The first draw of iteration i takes row i of the seeded order, so a scenario's
   * iterations use each row once before repeating any, on any number of workers; further draws of an iteration are
   * `stride` apart. Outside of iterations all VUs draw in turn.
   */
  open(path: string, options: DatasetOptions, { vu, vus, scenario, iteration }: Drawer): DrawnDataset {
    const dataset = this.#load(path, options);
    const { rows, order, counts, nonce } = dataset;
    const { unasked, answers } = rows;
    const rowAt = this.#rowsOf(dataset);
    const size = Math.min(order.length, options.sample ?? order.length);
    const stride = this.#strideFor(size);
    const salt = options.cacheSalt ? salts(nonce, dataset.key, vu) : undefined;
    let running: number | undefined;
    let draws = 0;
    let outside = 0;
    let lap = -1;
    let turn = 0;

    /** Draws the index of the next row. */
    const draw = (): number => {
      const now = iteration();
      if (now !== running) draws = 0;
      running = now;
      const position = now ?? vu + outside * vus;
      const around = Math.floor(position / size);
      if (around !== lap) {
        lap = around;
        turn = turnOf(combineSeeds(this.#seed, basename(path), size, lap, scenario), size);
      }
      const index = order[(position + turn + (draws % size) * stride) % size] ?? 0;
      if (now === undefined) outside += 1;
      else draws += 1;
      recordDraw(counts, index);
      return index;
    };

    /** Extracts from a row, or throws a UserError. */
    const found = <Found>(index: number, find: (row: Row) => Found | string): Found => {
      const result = unasked ? unasked.problem : find(rowAt(index));
      if (typeof result !== 'string') return result;
      const hint = 'use row() and build the messages yourself';
      throw scriptError(unasked?.where ?? path, result, hint);
    };

    const messagesAt = (index: number): Message[] => {
      const { messages } = found<Prompt>(index, promptOf);
      return salt ? salted(messages, salt()) : [...messages];
    };

    const talkAt = (index: number): Talk => {
      const { system, turns } = found(index, talkOf);
      if (!salt) return { system, turns };
      if (system !== undefined) return { system: `${salt()}\n${system}`, turns };
      const [first = '', ...rest] = turns;
      return { system, turns: [`${salt()}\n${first}`, ...rest] };
    };

    return {
      size,
      row: () => rowAt(draw()),
      next: () => messagesAt(draw()),
      turns() {
        const [first = '', ...rest] = found(draw(), talkOf).turns;
        return [salt ? `${salt()}\n${first}` : first, ...rest];
      },
      talk: () => talkAt(draw()),
      draw() {
        const index = draw();
        return { messages: messagesAt(index), maxTokens: answers[index] || undefined };
      },
    };
  }

  #load(path: string, options: DatasetOptions): SharedDataset {
    const { tokenizer } = options;
    const key = keyOf(path, options);
    const known = this.#loaded.get(key);
    if (known) return known;
    const read = () => {
      const countTokens = tokenizer === undefined ? estimateTokens : this.#counterOf(tokenizer);
      const rows = readRows(path, options, { countTokens });
      const dataset = sharedDataset(key, rows, options.cacheSalt ?? false, this.#seed);
      this.#loaded.set(key, dataset);
      this.#onRead(dataset);
      return dataset;
    };
    const size = sizeOf(path);
    if (size * (tokenizer === undefined ? 1 : TOKENIZED) > this.#patience) throw new Unread(path, size, read);
    return read();
  }

  /** Row access of this thread, cached for small files. */
  #rowsOf({ key, rows }: SharedDataset): (index: number) => Row {
    const known = this.#rowAt.get(key);
    if (known) return known;
    const read = rowReader(rows);
    const kept = new Array<Row | undefined>(rows.starts.length);
    const keeps = 'held' in rows.store && rows.store.held.byteLength <= KEPT;
    const rowAt = keeps ? (index: number) => (kept[index] ??= read(index)) : read;
    this.#rowAt.set(key, rowAt);
    return rowAt;
  }

  #counterOf(tokenizer: string): (text: string) => number {
    const { path, count, doubts } = openTokenizer(tokenizer);
    for (const doubt of doubts) this.doubts.add(doubtOf(path, doubt));
    return count;
  }

  #strideFor(size: number): number {
    const stride = this.#strides.get(size) ?? strideFor(size);
    this.#strides.set(size, stride);
    return stride;
  }
}

/**
 * Offset of a lap in the order of rows. Laps differ, or a VU would draw the same row forever where the number of VUs is
 * a multiple of the rows; scenarios differ, or all would draw the same row at the same time.
 */
function turnOf(seed: number, size: number): number {
  return Math.floor(randomSource(seed)() * size);
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
