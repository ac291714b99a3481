import type { Socket } from 'node:net';
import { systemClock } from '../../clock.js';
import { type Addon, FIGURES, loadAddon, MOST_PROBES } from './addon.js';
import { NativeStream, type StreamUser } from './native-stream.js';

/** Most streams of one call from C. */
const MOST_NEWS = 1024;

/** Figures of a reader, times in milliseconds; see `native/reader.h`. */
export type ReaderFigures = Readonly<Record<(typeof FIGURES)[number], number>>;

/** Reader that may take over connected sockets. */
export type SocketReader = Pick<NativeReader, 'adopt'>;

/**
 * Reader of sockets in a thread in C, with the kernel's stamps. Neither a script nor garbage collection moves an
 * instant. Events that differ in their text alone are recognized there and wait to be drained; all else is handed on as
 * bytes, within a millisecond or so.
 */
export class NativeReader {
  readonly #addon: Addon;
  readonly #streams = new Map<number, NativeStream>();
  readonly #news = new Int32Array(MOST_NEWS);

  constructor(addon: Addon) {
    this.#addon = addon;
    addon.start((count) => this.#drainNews(count), this.#news);
  }

  /** Takes over reading a connected plain socket. Undefined where that is not possible. */
  adopt(socket: Socket, user: StreamUser): NativeStream | undefined {
    const { fd } = (socket as { readonly _handle?: { readonly fd?: number } })._handle ?? {};
    const id = fd === undefined || fd < 0 ? -1 : this.#addon.open(fd);
    if (id < 0) return undefined;
    const stream = new NativeStream(this.#addon, id, user, () => this.#streams.delete(id));
    this.#streams.set(id, stream);
    socket.pause();
    const destroy = socket._destroy.bind(socket);
    // Its number may be another socket's as soon as it is closed.
    socket._destroy = (error, callback) => {
      stream.close();
      destroy(error, callback);
    };
    return stream;
  }

  /** Opens a stream without a socket, and the function that feeds it. For tests, which set the instants. */
  feed(user: StreamUser): { readonly stream: NativeStream; readonly feed: (bytes: Uint8Array, at: number) => void } {
    const id = this.#addon.open(-1);
    const stream = new NativeStream(this.#addon, id, user, () => undefined);
    return { stream, feed: (bytes, at) => this.#addon.feed(id, bytes, at) };
  }

  /** Hands on what was recognized so far. */
  drain(): void {
    for (const stream of this.#streams.values()) stream.drain();
  }

  /** Takes the reading thread's delays since the last call, in ms. It is probed each 10 ms. */
  takeDelays(): Float64Array {
    const values = new Float64Array(MOST_PROBES);
    return values.subarray(0, this.#addon.probes(values));
  }

  /** Takes the reads since the last call. What is said of clocks is since the thread's start. */
  takeFigures(): ReaderFigures {
    const values = new Float64Array(FIGURES.length);
    this.#addon.takeFigures(values);
    return Object.fromEntries(FIGURES.map((name, i) => [name, values[i] ?? 0])) as ReaderFigures;
  }

  /** Drains streams with news once each. */
  #drainNews(count: number): void {
    // C calls again after the last news. Asked for at once, a server that sends without end would keep the event loop.
    void systemClock.breathe().then(() => {
      const more = this.#addon.news();
      if (more > 0) this.#drainNews(more);
    });
    for (let i = 0; i < count; i += 1) {
      try {
        this.#streams.get(this.#news[i] ?? -1)?.drain();
      } catch (error) {
        // Other streams are not to wait for ever because of it.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}

let reader: NativeReader | undefined;

/** True where the module in C can be used. */
export function hasNativeReader(): boolean {
  return loadAddon() !== undefined;
}

/** Reader of this thread, where it was started. */
export function startedReader(): NativeReader | undefined {
  return reader;
}

/** Reader of this thread, started at the first call. Undefined where there is none. */
export function threadReader(): NativeReader | undefined {
  const addon = reader ? undefined : loadAddon();
  try {
    if (addon) reader = new NativeReader(addon);
  } catch {
    // No thread, or no epoll: sockets are read in JavaScript.
  }
  return reader;
}
