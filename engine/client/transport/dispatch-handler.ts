import type { EventPattern } from '../sse/event-pattern.js';
import type { ReceivedHeaders } from './wire-request.js';

/** Receiver of the response to one request. */
export interface DispatchHandler {
  /** Called before the request is written, each time that it is. */
  onRequestStart?(): void;
  /** Called after the request was written. */
  onWritten?(): void;
  onResponseStart(status: number, headers: ReceivedHeaders, statusText: string): void;
  /**
   * Receives part of the body at `from`..`to` of a shared buffer. A view of each part would be a fifth of all garbage.
   * `at` is the instant of the read; the next read overwrites the bytes.
   */
  onBytes(bytes: Buffer, from: number, to: number, at: number): void;
  onResponseEnd(): void;
  onResponseError(error: Error): void;
  /** Pattern of further events, which may then be recognized by others. */
  pattern?(): EventPattern | undefined;
  /** Handles a recognized event of `size` bytes in place of `onBytes`. Its text is at `from`..`to`. */
  onRecognized?(bytes: Buffer, from: number, to: number, at: number, size: number): void;
}
