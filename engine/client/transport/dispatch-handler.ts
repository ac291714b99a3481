import type { Dispatcher } from 'undici';

/** Whoever sends a request: undici's handler, which may be told more. */
export interface Sender extends Dispatcher.DispatchHandler {
  /** The request has been written. */
  onWritten?(): void;
  /**
   * In place of `onResponseData`: a part of the body, where it lies between other bytes. A view of each part would be
   * a fifth of all garbage. `at` is the instant of the read; the next one overwrites the bytes.
   */
  onBytes?(bytes: Buffer, from: number, to: number, at: number): void;
}

/** Tells a sender of a part of the body. */
export function giveBody(
  sender: Sender,
  controller: Dispatcher.DispatchController,
  bytes: Buffer,
  from: number,
  to: number,
  at: number,
): void {
  if (sender.onBytes) sender.onBytes(bytes, from, to, at);
  else sender.onResponseData?.(controller, bytes.subarray(from, to));
}
