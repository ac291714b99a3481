/** Stream that may be a terminal, as `process.stdout` may be. */
export interface TerminalStream extends NodeJS.WritableStream {
  readonly isTTY?: boolean | undefined;
  /** Width in characters, of a terminal. */
  readonly columns?: number | undefined;
}

/** Stream of keys, as `process.stdin` is one. */
export interface Keyboard extends NodeJS.ReadableStream {
  /** Lets the process end although the stream is open. */
  unref?(): unknown;
}
