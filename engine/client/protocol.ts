import type { Exchange } from './exchange.js';

/** What one wire protocol knows: where to post, what to post, and what an event of the answer means. */
export interface Protocol<Request> {
  /** Path below the target's base URL. */
  readonly path: string;
  /** The JSON body of a request. `askUsage` is false once the server has refused to be asked for its token counts. */
  encode(request: Request, model: string, askUsage: boolean): string;
  /**
   * Notes one server-sent event, which came at `at`, on the exchange. Sets `exchange.failure` when the event reports
   * an error or makes no sense.
   */
  decode(event: { readonly event?: string | undefined; readonly data: string }, at: number, exchange: Exchange): void;
}

/** One line of a server's error body, whatever form it has: OpenAI's, FastAPI's, or plain text. */
export function errorText(body: unknown): string {
  if (typeof body === 'string') return oneLine(body);
  if (typeof body !== 'object' || body === null) return '';
  const { error, message, detail } = body as { error?: unknown; message?: unknown; detail?: unknown };
  for (const part of [error, message, detail]) {
    if (typeof part === 'string' && part.trim() !== '') return oneLine(part);
    if (typeof part === 'object' && part !== null) return errorText(part) || oneLine(JSON.stringify(part));
  }
  return '';
}

const LONGEST_MESSAGE = 300;

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > LONGEST_MESSAGE ? `${line.slice(0, LONGEST_MESSAGE)}…` : line;
}
