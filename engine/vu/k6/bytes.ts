/** Bytes of a text, buffer or view. Throws a TypeError for anything else; `what` names the function. */
export function bytesOf(given: unknown, what: string): Buffer {
  if (typeof given === 'string') return Buffer.from(given, 'utf8');
  if (given instanceof ArrayBuffer) return Buffer.from(given);
  if (ArrayBuffer.isView(given)) return Buffer.from(given.buffer, given.byteOffset, given.byteLength);
  if (Array.isArray(given)) return Buffer.from(given);
  throw new TypeError(`${what}: expected a text, an ArrayBuffer or a typed array, got ${typeof given}`);
}

/** Copy of bytes in a buffer of their own. */
export function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}
