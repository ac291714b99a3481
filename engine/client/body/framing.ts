import { EventStream } from '../sse/event-stream.js';
import type { Decoder, EventSink } from './decoder.js';
import { LineStream } from './line-stream.js';
import { WholeBody } from './whole-body.js';

/** Framing of an answer: server-sent events, NDJSON, or one JSON document. */
export type Framing = 'events' | 'lines' | 'whole';

/** Properties of a framing. */
export interface FramingKind {
  readonly name: string;
  /** Value of the request's `accept` header. */
  readonly accept: string;
  /** Content types that rule this framing out. The body then explains the error. */
  readonly unfit: readonly string[];
  open(sink: EventSink): Decoder;
}

export const FRAMINGS: Readonly<Record<Framing, FramingKind>> = {
  events: {
    name: 'an event stream',
    accept: 'text/event-stream',
    unfit: ['text/html', 'application/json', 'application/x-ndjson', 'application/jsonl'],
    open: (sink) => new EventStream(sink),
  },
  lines: {
    name: 'lines of JSON',
    accept: 'application/x-ndjson',
    unfit: ['text/html', 'text/event-stream'],
    open: (sink) => new LineStream(sink),
  },
  whole: {
    name: 'JSON in one piece',
    accept: 'application/json',
    unfit: ['text/html', 'text/event-stream', 'application/x-ndjson'],
    open: (sink) => new WholeBody(sink),
  },
};
