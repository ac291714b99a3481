import type { WireEvent } from './body/decoder.js';
import { type Exchange, openExchange } from './exchange.js';
import type { AnyRequest, Protocol } from './protocols/protocol.js';
import { type EventTemplate, templateOf, withoutNumbers } from './sse/event-template.js';

/** Most examples of an answer that are tried. Events of some servers have nothing in common. */
const MOST_EXAMPLES = 8;

/** Text that an example is tried with. */
const PROBE = 'probe';

/** Templates of an answer's events, for a fast path. What the protocol reads in an example decides whether it is one. */
export class Recognition<Request extends AnyRequest = AnyRequest> {
  readonly #protocol: Pick<Protocol<Request>, 'decode'>;
  readonly #exchange: Exchange;
  #tried = 0;

  constructor(protocol: Pick<Protocol<Request>, 'decode'>, exchange: Exchange) {
    this.#protocol = protocol;
    this.#exchange = exchange;
  }

  /** Takes the template of the latest event. Undefined where it had other than one text, or an escaped one. */
  learn(event: WireEvent): EventTemplate | undefined {
    const { latest, latestKind } = this.#exchange;
    if (this.#tried === MOST_EXAMPLES || latest === '') return undefined;
    const template = templateOf(event.data, latest);
    if (!template) return undefined;
    this.#tried += 1;
    const read = openExchange('', '', 0);
    const data = template.before + PROBE + template.after;
    this.#protocol.decode({ event: event.event, data }, 0, read);
    if (read.latestKind !== latestKind || !hasOnlyText(read)) return undefined;
    this.#exchange.recognized = latestKind;
    return withoutNumbers(template);
  }
}

/** True where the probe was read as the only output. */
function hasOnlyText(read: Exchange): boolean {
  const { chunkAt, latestKind, latest, messages, text, reasoning, finishReason, usage, doubt, failure, unread } = read;
  // Messages may repeat what came before.
  if (messages !== 'none' || chunkAt.length !== 1 || latest !== PROBE || read.toolCalls.length > 0 || read.done)
    return false;
  if ((latestKind === 'text' ? text : reasoning) !== PROBE || text + reasoning !== PROBE) return false;
  if (read.listedTokens > 0 || read.countedEvents > 0) return false;
  return (finishReason ?? usage ?? doubt ?? failure ?? unread) === undefined;
}
