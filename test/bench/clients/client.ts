/** A load of streams, each asked for anew when it has ended. Times in milliseconds. */
export interface StreamLoad {
  readonly port: number;
  readonly streams: number;
  /** How long after all have started. */
  readonly hold: number;
  /** The streams start spread over this time. */
  readonly spread: number;
  /** Its name tells the target what to do. */
  readonly model: string;
}

/** What a client says of a load, in milliseconds. */
export interface Reported {
  readonly ttft: { readonly mean: number; readonly p99: number };
  /** From when an event was written to when it was read, 99th percentile, where the client can tell. */
  readonly delayP99?: number;
}

/** One load generator, used as its users use it. */
export interface StreamClient {
  readonly name: string;
  /** Why it cannot be used here, if so. */
  missing(): string | undefined;
  /** The command that carries the load; `folder` is its own to write into. */
  command(load: StreamLoad, folder: string): readonly string[];
  read(stdout: string, folder: string): Reported;
}
