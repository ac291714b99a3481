/** Bytes of a response, cut into the reads of a socket. */
export interface HostileAnswer {
  readonly reads: readonly Buffer[];
  /** Bytes that were changed at random, so that anything may follow. */
  readonly isBroken: boolean;
}

const TEXTS = [
  'a',
  ' token',
  'ü',
  '好',
  '🙂',
  ' long text of several words',
  '\\n',
  '\\"',
  '\\u00e9',
  '\t',
  '}',
  '"',
  '',
];

/** Random choices, from numbers in [0, 1). */
class Chance {
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  upTo(most: number): number {
    return Math.floor(this.#random() * (most + 1));
  }

  of<Item>(items: readonly Item[]): Item {
    return items[this.upTo(items.length - 1)] as Item;
  }

  is(probability: number): boolean {
    return this.#random() < probability;
  }
}

/** Makes a chat server's answer in any framing, sometimes broken. */
export function hostileAnswer(random: () => number): HostileAnswer {
  const chance = new Chance(random);
  const line = chance.of(['\r\n', '\r\n', '\r\n', '\n']);
  const framing = chance.of(['chunked', 'chunked', 'chunked', 'sized', 'until close'] as const);
  const events = eventsOf(chance);
  const body = framing === 'chunked' ? chunked(events, chance) : Buffer.from(events.join(''));
  const head = headOf(framing, body.length, chance).join(line) + line + line;
  let bytes: Buffer = Buffer.concat([Buffer.from(head), body]);
  const isBroken = chance.is(0.3);
  if (isBroken) for (let i = chance.upTo(2); i >= 0; i -= 1) bytes = damaged(bytes, chance);
  return { reads: chance.is(0.7) ? cutAfterEvents(bytes, chance) : cut(bytes, chance), isBroken };
}

function headOf(framing: string, size: number, chance: Chance): string[] {
  const head = [`HTTP/1.1 ${chance.is(0.97) ? '200 OK' : '500 Oops'}`, 'content-type: text/event-stream'];
  if (chance.is(0.2)) head.push(`x-long: ${'x'.repeat(chance.upTo(3000))}`);
  if (framing === 'chunked') head.push('Transfer-Encoding: chunked');
  if (framing === 'sized') head.push(`content-length: ${size}`);
  return head;
}

function eventsOf(chance: Chance): string[] {
  const end = chance.of(['\n\n', '\n\n', '\n\n', '\r\n\r\n', '\r\r']);
  const id = `chatcmpl-${chance.upTo(1e9)}`;
  const key = chance.of(['content', 'content', 'content', 'reasoning_content']);
  const write = (delta: object | string, finish: string | null, more = '') => {
    const inner = typeof delta === 'string' ? `{"${key}":"${delta}"}` : JSON.stringify(delta);
    const choice = `{"index":0,"delta":${inner},"finish_reason":${JSON.stringify(finish)}}`;
    return `data: {"id":"${id}","object":"chat.completion.chunk","choices":[${choice}]${more}}${end}`;
  };
  const events = chance.is(0.8) ? [write({ role: 'assistant', content: '' }, null)] : [];
  const counted = chance.is(0.1);
  const dated = chance.is(0.3);
  for (let n = chance.upTo(30), i = 1; i <= n; i += 1) {
    const text = chance.is(0.9) ? chance.of(TEXTS.slice(0, 6)) : chance.of(TEXTS);
    if (chance.is(0.03)) events.push(`: comment${end}`);
    const usage = counted ? `,"usage":{"prompt_tokens":3,"completion_tokens":${i}}` : '';
    events.push(write(text, null, dated ? `${usage},"created": ${chance.upTo(1e4) / 7}` : usage));
  }
  if (chance.is(0.1)) return events;
  if (chance.is(0.9)) events.push(write({}, 'stop'));
  if (chance.is(0.5)) events.push(`data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":7}}${end}`);
  if (chance.is(0.9)) events.push(`data: [DONE]${end}`);
  return events;
}

/** Chunks of one event each, of several, or of any bytes. */
function chunked(events: readonly string[], chance: Chance): Buffer {
  const kind = chance.of(['event', 'event', 'several', 'bytes'] as const);
  const parts: Buffer[] = [];
  if (kind === 'event') parts.push(...events.map((event) => Buffer.from(event)));
  else if (kind === 'several') {
    for (let i = 0; i < events.length; ) {
      const n = 1 + chance.upTo(4);
      parts.push(Buffer.from(events.slice(i, i + n).join('')));
      i += n;
    }
  } else parts.push(...cut(Buffer.from(events.join('')), chance));
  const size = (n: number) => (chance.is(0.05) ? `00${n.toString(16).toUpperCase()};x=1` : n.toString(16));
  const last = chance.is(0.05) ? '0\r\nx: y\r\n\r\n' : '0\r\n\r\n';
  const framed = parts.flatMap((part) => [Buffer.from(`${size(part.length)}\r\n`), part, Buffer.from('\r\n')]);
  return Buffer.concat([...framed, Buffer.from(chance.is(0.95) ? last : '')]);
}

function damaged(bytes: Buffer, chance: Chance): Buffer {
  const at = chance.upTo(bytes.length);
  const to = Math.min(bytes.length, at + chance.upTo(40));
  const kind = chance.of(['flip', 'remove', 'repeat', 'end', 'insert'] as const);
  if (kind === 'end') return bytes.subarray(0, at);
  if (kind === 'remove') return Buffer.concat([bytes.subarray(0, at), bytes.subarray(to)]);
  if (kind === 'repeat') return Buffer.concat([bytes.subarray(0, to), bytes.subarray(at)]);
  const other = kind === 'flip' ? 1 : chance.upTo(8);
  const noise = Buffer.from(Array.from({ length: other }, () => chance.upTo(255)));
  return Buffer.concat([bytes.subarray(0, at), noise, bytes.subarray(kind === 'flip' ? at + 1 : at)]);
}

/** Cuts bytes after most events, as servers write them, and sometimes anywhere. */
function cutAfterEvents(bytes: Buffer, chance: Chance): Buffer[] {
  const pieces: Buffer[] = [];
  let from = 0;
  for (const { 0: end, index } of bytes.toString('latin1').matchAll(/\n\n(?:\r\n)?|\r\n\r\n|\r\r/g)) {
    if (chance.is(0.1)) continue;
    const to = index + end.length;
    const piece = bytes.subarray(from, to);
    pieces.push(...(chance.is(0.03) ? cut(piece, chance) : [piece]));
    from = to;
  }
  return [...pieces, ...cut(bytes.subarray(from), chance)];
}

/** Cuts bytes into pieces, from single bytes to one piece. */
function cut(bytes: Buffer, chance: Chance): Buffer[] {
  const longest = chance.is(0.02) ? 1 : chance.of([40, 100, 300, 300, 2000, 70_000]);
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const to = Math.min(bytes.length, at + 1 + chance.upTo(longest - 1), at + 60_000);
    pieces.push(bytes.subarray(at, to));
    at = to;
  }
  return pieces;
}
