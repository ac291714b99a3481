/** Costs of a server's front-end. Its processes speak HTTP, tokenize, and send what the engine generates. */
export interface FrontEndCosts {
  /** Processes that share requests in turn. */
  readonly processes: number;
  /** Milliseconds of the event loop for a request. Half of them before its prompt is tokenized. */
  readonly requestMs: number;
  /** Turns of the loop that a request takes; half of them likewise. At least 2. */
  readonly requestTurns: number;
  /** Milliseconds of the thread that renders and tokenizes prompts. 0: there is none. */
  readonly poolMs: number;
  /** Milliseconds that this thread waits for a busy loop, twice. */
  readonly switchMs: number;
  /** Milliseconds that a request waits beside both. */
  readonly requestWaitMs: number;
  /** Milliseconds to tokenize each token of a prompt, beside the loop. */
  readonly promptTokenMs: number;
  /** Milliseconds for each message from the engine, one a step. */
  readonly messageMs: number;
  /** Milliseconds for each token in a message: detokenizing, statistics. */
  readonly tokenMs: number;
  /** Milliseconds for each event sent to a client. */
  readonly eventMs: number;
  /** Streams of a message whose tokens are handled before events are sent. */
  readonly chunkTokens: number;
  /** Tokens of an answer sent together, after its first. At least 1. */
  readonly streamInterval: number;
}

/** True if a front-end takes any time, or joins tokens. */
export function takesTime(costs: FrontEndCosts): boolean {
  const { requestMs, poolMs, requestWaitMs, promptTokenMs, messageMs, tokenMs, eventMs, streamInterval } = costs;
  return requestMs + poolMs + requestWaitMs + promptTokenMs + messageMs + tokenMs + eventMs > 0 || streamInterval > 1;
}
