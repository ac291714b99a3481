import { subscribe } from 'node:diagnostics_channel';

/** Whoever wants to know when its request has been written. */
export interface Writer {
  onWritten(): void;
}

let writing: Writer | undefined;

/**
 * To be called when undici starts a request, right before it writes it. Undici tells only on a channel of the whole
 * thread that a request was written, but it writes bodies that are in memory in one go: so the last that was started it is.
 */
export function expectWrite(writer: Writer): void {
  writing = writer;
}

subscribe('undici:request:bodySent', () => {
  const told = writing;
  writing = undefined;
  told?.onWritten();
});
