import type { Decoder } from '../../engine/client/body/decoder.js';

const BEFORE = Buffer.from('data: before\n\n');
const AFTER = Buffer.from('data: after\n\n');

/** Feeds bytes inside a larger buffer, as a socket does. */
export function feed(decoder: Decoder, bytes: Uint8Array | string, at: number): void {
  const piece = Buffer.from(bytes as string);
  decoder.feed(Buffer.concat([BEFORE, piece, AFTER]), BEFORE.length, BEFORE.length + piece.length, at);
}
