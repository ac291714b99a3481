import type { ChatMessage } from './chat-messages.js';
import { withEncoding } from './encoded-messages.js';

const OPENING = Buffer.from('{"messages":[');

/** Most system prompts of a thread whose JSON is kept. */
const MOST_KEPT = 64;

const SYSTEMS = new Map<string, Buffer>();

/** JSON of a growing list of messages, in parts. A message is encoded once, and no part is joined with what follows. */
export class EncodedHistory {
  readonly #system: string | undefined;
  /** JSON of what has been said, each message after a comma. And their number. */
  #parts: Buffer[] = [];
  #encoded = 0;
  #asked: { readonly question: readonly ChatMessage[]; readonly json: Buffer } | undefined;
  /** Number of times that it was cleared. */
  #clearings = 0;

  /** Takes the text of the system message. All histories with it share its JSON. */
  constructor(system: string | undefined) {
    this.#system = system;
  }

  /** Forgets what has been encoded, since the history is another now. */
  clear(): void {
    this.#parts = [];
    this.#encoded = 0;
    this.#clearings += 1;
  }

  /** Attaches the encoding to a list. It has the system's message, those `said`, and the question. */
  attach(
    messages: readonly ChatMessage[],
    said: readonly ChatMessage[],
    question: readonly ChatMessage[],
  ): readonly ChatMessage[] {
    // A list without any is refused where it is sent.
    if (messages.length === 0) return messages;
    const { length } = said;
    const clearings = this.#clearings;
    const isLatest = () => said.length === length && this.#clearings === clearings;
    return withEncoding(messages, {
      close: (rest) => {
        if (isLatest()) return this.#close(said, question, rest);
        return Buffer.from(`{"messages":${JSON.stringify(messages)},${rest}`);
      },
    });
  }

  #close(said: readonly ChatMessage[], question: readonly ChatMessage[], rest: string): readonly Buffer[] {
    this.#encode(said);
    const asked = this.#asked?.question === question ? this.#asked : { question, json: jsonOf(question) };
    this.#asked = asked;
    const system = this.#system === undefined ? [] : [systemJson(this.#system)];
    const [first, ...others] = [...system, ...this.#parts, asked.json];
    return [OPENING, ...(first ? [first.subarray(1)] : []), ...others, Buffer.from(`],${rest}`)];
  }

  /** Encodes what has been said since. The question of the turn before is there already. */
  #encode(said: readonly ChatMessage[]): void {
    const { question = [], json } = this.#asked ?? {};
    if (json && question.length > 0 && said[this.#encoded] === question[0]) {
      this.#add(json);
      this.#encoded += question.length;
    }
    if (this.#encoded < said.length) this.#add(jsonOf(said.slice(this.#encoded)));
    this.#encoded = said.length;
  }

  /** Adds a part. Parts of like size become one, so that they are few and each byte is rarely copied. */
  #add(part: Buffer): void {
    let last = part;
    for (;;) {
      const before = this.#parts.at(-1);
      if (!before || before.length > 2 * last.length) break;
      this.#parts.pop();
      last = Buffer.concat([before, last]);
    }
    this.#parts.push(last);
  }
}

/** JSON of messages, each after a comma. */
function jsonOf(messages: readonly ChatMessage[]): Buffer {
  return Buffer.from(messages.map((message) => `,${JSON.stringify(message)}`).join(''));
}

function systemJson(content: string): Buffer {
  const known = SYSTEMS.get(content);
  if (known) return known;
  const json = jsonOf([{ role: 'system', content }]);
  SYSTEMS.set(content, json);
  const [oldest] = SYSTEMS.keys();
  if (SYSTEMS.size > MOST_KEPT && oldest !== undefined) SYSTEMS.delete(oldest);
  return json;
}
