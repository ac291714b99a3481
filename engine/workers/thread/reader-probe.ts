import { startedReader } from '../../client/reader/native-reader.js';
import type { Clock } from '../../clock.js';
import { addFigures, type ReaderFigures } from '../../metrics/reader-record.js';
import type { Recorder } from '../../metrics/recorder.js';

/** Records the figures and delays of a thread's native reader. */
export class ReaderProbe {
  readonly #clock: Clock;
  readonly #recorder: Recorder;
  readonly #worker: number;
  #figures: ReaderFigures | undefined;

  constructor(clock: Clock, recorder: Recorder, worker: number) {
    this.#clock = clock;
    this.#recorder = recorder;
    this.#worker = worker;
    // What came before the load is no part of it.
    startedReader()?.takeDelays();
    startedReader()?.takeFigures();
  }

  /** Drains the reader and records it since the last call. */
  measure(): void {
    const reader = startedReader();
    if (!reader) return;
    reader.drain();
    const delays = reader.takeDelays();
    const figures = addFigures(this.#figures, reader.takeFigures());
    if (figures.reads === 0) return;
    this.#figures = figures;
    this.#recorder.reader = figures;
    const phase = this.#recorder.phaseAt(this.#clock.now());
    const trend = this.#recorder.trend('generator_read_delay', { worker: String(this.#worker) }, phase);
    for (const delay of delays) trend.add(delay);
  }
}
