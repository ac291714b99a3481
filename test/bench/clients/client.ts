/** A load of streams, each asked for anew when it has ended. Times in milliseconds. */
export interface StreamLoad {
  readonly port: number;
  readonly streams: number;
  /** Time that the load lasts once all streams have started. */
  readonly hold: number;
  /** The streams start spread over this time. */
  readonly spread: number;
  /** Its name tells the target what to do. */
  readonly model: string;
}

/** A client's own report on a load; times in milliseconds. */
export interface Reported {
  readonly ttft: { readonly mean: number; readonly p99: number };
  /** Delay from writing an event to reading it; absent where not reported. */
  readonly delayP99?: number;
}

/** One load generator, used as its users use it. */
export interface StreamClient {
  readonly name: string;
  /** Why it cannot be used here, if so. */
  missing(): string | undefined;
  /** Command line that carries the load, free to write into `folder`. */
  command(load: StreamLoad, folder: string): readonly string[];
  read(stdout: string, folder: string): Reported;
}
