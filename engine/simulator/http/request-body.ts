import type { IncomingMessage } from 'node:http';
import { ApiError } from './api-error.js';

const MOST_BYTES = 64 * 2 ** 20;

/** Reads a request's body to its end and parses it. */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const body = await readBytes(request);
  try {
    return JSON.parse(body.toString());
  } catch (error) {
    throw new ApiError(400, `The request body is not valid JSON: ${error instanceof Error ? error.message : error}`);
  }
}

function readBytes(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let bytes = Number(request.headers['content-length'] ?? 0) > MOST_BYTES ? Infinity : 0;
    const refuse = () => {
      chunks = [];
      reject(tooLarge());
    };
    if (bytes > MOST_BYTES) refuse();
    // A rejected body is still read: a client that is cut off while it sends never sees the response.
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > MOST_BYTES) refuse();
      else chunks.push(chunk);
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    request.on('error', reject);
  });
}

function tooLarge(): ApiError {
  const message = `The request body is larger than ${MOST_BYTES / 2 ** 20} MiB.`;
  return new ApiError(413, message, { code: 'request_too_large' });
}
