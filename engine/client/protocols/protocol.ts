import type { WireEvent } from '../body/decoder.js';
import { FRAMINGS, type FramingKind } from '../body/framing.js';
import type { Exchange } from '../exchange.js';

/** What every protocol's request may have. */
export interface AnyRequest {
  /** False: the answer comes in one piece, without instants of tokens. */
  readonly stream?: boolean | undefined;
  readonly extraBody?: Readonly<Record<string, unknown>> | undefined;
}

/** What one wire protocol knows: where to post, what to post, and what an event of the answer means. */
export interface Protocol<Request extends AnyRequest> {
  /** Below the target's base URL, or where that is so, below its root: the base URL without its `/v1`. */
  readonly path: string;
  readonly below: 'base' | 'root';
  /** How a streamed answer is cut into events; undefined where no answer is ever streamed. */
  readonly stream: 'events' | 'lines' | undefined;
  /** Where the server lists its models, below the same place. */
  readonly models: string;
  /** Fields that a script may give in a request. */
  readonly fields: readonly string[];
  /** The smallest request that can be made. */
  readonly probe: Request;
  /** The target's headers as this protocol has them; left out where they stay as they are. */
  headers?(given: Readonly<Record<string, string>>): Readonly<Record<string, string>>;
  /**
   * The JSON body of a request. `askUsage` is false once the server has refused to be asked for its token counts.
   * Throws a TypeError where the script has given something that cannot be sent.
   */
  encode(request: Request, model: string, askUsage: boolean): string;
  /**
   * Notes one event, which came at `at`, on the exchange; an answer in one piece is a single event. Sets
   * `exchange.failure` when the event reports an error or makes no sense.
   */
  decode(event: WireEvent, at: number, exchange: Exchange): void;
}

/** Whether the answer to a request is going to be streamed. */
export function isStreamed<Request extends AnyRequest>({ stream }: Protocol<Request>, request: Request): boolean {
  return stream !== undefined && (request.extraBody?.stream ?? request.stream ?? true) !== false;
}

/** How the answer to an exchange is cut into events. */
export function framingOf({ stream }: Pick<Protocol<AnyRequest>, 'stream'>, { streamed }: Exchange): FramingKind {
  return FRAMINGS[streamed && stream ? stream : 'whole'];
}

/** The path of a protocol on a target with this base path. */
export function pathOf({ path, below }: Pick<Protocol<AnyRequest>, 'path' | 'below'>, basePath: string): string {
  return (below === 'base' ? basePath : basePath.replace(/\/v1$/, '')) + path;
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
