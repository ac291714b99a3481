import type { Dispatcher } from 'undici';
import type { EventPattern } from '../sse/event-pattern.js';

/** Undici's dispatch handler with additional events. */
export interface DispatchHandler extends Dispatcher.DispatchHandler {
  /** Called after the request was written. */
  onWritten?(): void;
  /**
   * Replaces `onResponseData`: part of the body at `from`..`to` of a shared buffer. A view of each part would be a
   * fifth of all garbage. `at` is the instant of the read; the next read overwrites the bytes.
   */
  onBytes?(bytes: Buffer, from: number, to: number, at: number): void;
  /** Pattern of further events, which may then be recognized by others. */
  pattern?(): EventPattern | undefined;
  /** Handles a recognized event in place of `onBytes`. Its text is at `from`..`to`. */
  onRecognized?(bytes: Buffer, from: number, to: number, at: number): void;
}

/** Calls a handler with a part of the body. */
export function passBody(
  sender: DispatchHandler,
  controller: Dispatcher.DispatchController,
  bytes: Buffer,
  from: number,
  to: number,
  at: number,
): void {
  if (sender.onBytes) sender.onBytes(bytes, from, to, at);
  else sender.onResponseData?.(controller, bytes.subarray(from, to));
}
