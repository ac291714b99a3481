import { request } from 'node:http';
import { systemClock } from '../../../engine/clock.js';

/** The tested fields of an event of a streamed chat completion. */
export interface ChatEvent {
  readonly id: string;
  readonly object: string;
  readonly model: string;
  readonly choices: readonly {
    readonly index: number;
    readonly delta: { readonly role?: string; readonly content?: string };
    readonly finish_reason: string | null;
  }[];
  readonly usage?: Usage;
  readonly written_at: number;
}

interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
}

/** A response of any status. */
export interface ChatResponse {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  /** Instant at which the headers were seen, on the machine's clock. */
  readonly headersAt: number;
  readonly text: string;
}

export const QUESTION = [{ role: 'user', content: 'What makes a good habit?' }] as const;

/** Posts a body to the chat route and reads the whole response. An object is sent as JSON, a string as it is. */
export function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<ChatResponse> {
  return send('POST', `${url}/v1/chat/completions`, typeof body === 'string' ? body : JSON.stringify(body), headers);
}

export function get(url: string, headers: Record<string, string> = {}): Promise<ChatResponse> {
  return send('GET', url, '', headers);
}

export function send(
  method: string,
  url: string,
  body: string | Buffer,
  headers: Record<string, string>,
): Promise<ChatResponse> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers }, (response) => {
      const headersAt = systemClock.now();
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, headersAt, text });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** Asks for a stream and takes it apart. */
export async function stream(url: string, fields: Record<string, unknown>): Promise<readonly ChatEvent[]> {
  const { status, text } = await post(url, { model: 'sim', messages: QUESTION, stream: true, ...fields });
  if (status !== 200) throw new Error(`${status} ${text}`);
  return eventsOf(text);
}

/** The events of a stream, of which the last must be `[DONE]`. */
export function eventsOf(text: string): readonly ChatEvent[] {
  const events = text.split('\n\n');
  if (events.pop() !== '' || events.pop() !== 'data: [DONE]') throw new Error(`cut: ${text.slice(-200)}`);
  return events.map((event) => {
    if (!event.startsWith('data: ')) throw new Error(`no data: ${event}`);
    return JSON.parse(event.slice(6)) as ChatEvent;
  });
}

/** The events that carry text. */
export function contentOf(events: readonly ChatEvent[]): readonly ChatEvent[] {
  return events.filter((event) => event.choices[0]?.delta.content);
}

export function textOf(events: readonly ChatEvent[]): string {
  return contentOf(events)
    .map((event) => event.choices[0]?.delta.content)
    .join('');
}
