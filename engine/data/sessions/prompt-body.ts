import { combineSeeds, randomSource } from '../../random.js';
import type { Piece, RecordedTurn } from './recorded-session.js';

/** Words of one token each, as bytes. */
export class WordBytes {
  readonly count: number;
  readonly #bytes: Buffer;
  readonly #starts: Uint32Array;
  /** Length of the longest word, with a space before it. */
  readonly longest: number;

  constructor(words: readonly string[]) {
    this.count = words.length;
    this.#bytes = Buffer.from(words.map((word) => ` ${word}`).join(''), 'latin1');
    this.#starts = new Uint32Array(words.length + 1);
    for (const [index, word] of words.entries()) this.#starts[index + 1] = (this.#starts[index] ?? 0) + word.length + 1;
    this.longest = Math.max(...words.map((word) => word.length)) + 1;
  }

  /** Copies a word, without its space where it begins a text. Returns the offset behind it. */
  write(word: number, into: Buffer, at: number, begins: boolean): number {
    const bytes = this.#bytes;
    const end = this.#starts[word + 1] ?? 0;
    let to = at;
    for (let from = (this.#starts[word] ?? 0) + (begins ? 1 : 0); from < end; from += 1) {
      into[to] = bytes[from] ?? 0;
      to += 1;
    }
    return to;
  }
}

type Role = 'system' | 'user' | 'assistant';

/** Message of a prompt: its role and first token. */
interface Segment {
  readonly from: number;
  readonly role: Role;
}

/** Settings of an agent's prompts. */
export interface PromptSettings {
  readonly words: WordBytes;
  /** Part of every key: what differs between sessions that share no text. */
  readonly scope: string;
  readonly systemTokens: number;
  /** Words at the head of the first user message, by their numbers. They make a replay unique. */
  readonly marker: readonly number[];
}

const OPENING = '{"messages":[{"role":"';

/**
 * Body of an agent's requests, in one buffer. A turn writes only what it adds to the one
 * before: the rest is there already.
 */
export class PromptBody {
  readonly #settings: PromptSettings;
  #buffer = Buffer.allocUnsafe(4096);
  #length = 0;
  #segments: Segment[] = [];
  /** Pieces of the prompt, with the first token and byte of each. */
  readonly #pieces: Piece[] = [];
  readonly #tokens: number[] = [];
  readonly #bytes: number[] = [];
  #inputTokens = 0;

  constructor(settings: PromptSettings) {
    this.#settings = settings;
  }

  /** Copy, for a subagent whose prompt begins like this one. */
  fork(): PromptBody {
    const copy = new PromptBody(this.#settings);
    copy.#buffer = Buffer.from(this.#buffer.subarray(0, this.#length));
    copy.#length = this.#length;
    copy.#segments = [...this.#segments];
    copy.#tokens.push(...this.#tokens);
    copy.#bytes.push(...this.#bytes);
    copy.#pieces.push(...this.#pieces);
    copy.#inputTokens = this.#inputTokens;
    return copy;
  }

  /** Sets the prompt to that of a turn. The turn before had an answer of `answered` tokens. */
  apply(turn: RecordedTurn, answered: number): void {
    const { inputTokens } = turn;
    // A prompt that adds nothing still ends with a message of the user: its last piece is written again.
    const again = turn.pieces.length === 0 ? this.#pieces.slice(turn.kept - 1, turn.kept) : [];
    const kept = turn.kept - again.length;
    const pieces = again.length > 0 ? again : turn.pieces;
    const keptTokens = kept === 0 ? 0 : (this.#tokens[kept] ?? this.#inputTokens);
    this.#length = kept === 0 ? 0 : (this.#bytes[kept] ?? this.#length);
    this.#tokens.length = kept;
    this.#bytes.length = kept;
    this.#pieces.length = kept;
    this.#segments = this.#nextSegments(keptTokens, inputTokens, answered);
    let token = keptTokens;
    for (const piece of pieces) {
      this.#tokens.push(token);
      this.#bytes.push(this.#length);
      this.#pieces.push(piece);
      this.#write(piece, token);
      token += piece.tokens;
    }
    this.#inputTokens = inputTokens;
  }

  /** Messages of the prompt. */
  get messages(): readonly { readonly role: Role; readonly content: string }[] {
    const body = `${this.#buffer.toString('latin1', 0, this.#length)}"}]}`;
    return (JSON.parse(body) as { messages: readonly { role: Role; content: string }[] }).messages;
  }

  /** Body with further fields: JSON without its opening brace. Valid until the next turn. */
  close(rest: string): Buffer {
    const end = `"}],${rest}`;
    this.#reserve(end.length * 3);
    const written = this.#buffer.write(end, this.#length);
    return this.#buffer.subarray(0, this.#length + written);
  }

  /** Messages after a change from token `keptTokens` on. */
  #nextSegments(keptTokens: number, inputTokens: number, answered: number): Segment[] {
    if (keptTokens === 0) {
      const system = Math.min(this.#settings.systemTokens, inputTokens - 1);
      return system > 0
        ? [
            { from: 0, role: 'system' },
            { from: system, role: 'user' },
          ]
        : [{ from: 0, role: 'user' }];
    }
    const segments = this.#segments.filter(({ from }) => from < keptTokens);
    // The last block may have been cut; the prompt goes on behind the whole one before. Else it was compacted.
    const goesOn = this.#inputTokens - keptTokens <= MOST_CUT && this.#inputTokens < inputTokens - 1;
    if (!goesOn) {
      if (segments.at(-1)?.role !== 'user') segments.push({ from: keptTokens, role: 'user' });
      return segments;
    }
    const user = Math.min(this.#inputTokens + answered, inputTokens - 1);
    if (user > this.#inputTokens) segments.push({ from: this.#inputTokens, role: 'assistant' });
    if (segments.at(-1)?.role !== 'user') segments.push({ from: user, role: 'user' });
    return segments;
  }

  #write({ key, tokens }: Piece, from: number): void {
    const { words, scope, marker } = this.#settings;
    this.#reserve(tokens * words.longest + 64 * this.#segments.length);
    const random = randomSource(combineSeeds(scope, key));
    const user = this.#segments.find(({ role }) => role === 'user')?.from ?? 0;
    let next = this.#segments.findIndex((segment) => segment.from >= from);
    if (next < 0) next = this.#segments.length;
    let boundary = this.#segments[next]?.from ?? Number.POSITIVE_INFINITY;
    for (let token = from; token < from + tokens; token += 1) {
      const begins = token === boundary;
      if (begins) {
        this.#begin(this.#segments[next]?.role ?? 'user', token === 0);
        next += 1;
        boundary = this.#segments[next]?.from ?? Number.POSITIVE_INFINITY;
      }
      const drawn = Math.floor(random() * words.count);
      const place = token - user;
      const word = place >= 0 && place < marker.length ? (marker[place] ?? drawn) : drawn;
      this.#length = words.write(word, this.#buffer, this.#length, begins);
    }
  }

  /** Begins a message. */
  #begin(role: Role, isFirst: boolean): void {
    const text = `${isFirst ? OPENING : '"},{"role":"'}${role}","content":"`;
    this.#length += this.#buffer.write(text, this.#length, 'latin1');
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.ceil(needed * 1.25));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}

/** Most tokens of a last block that was cut. */
const MOST_CUT = 1024;
