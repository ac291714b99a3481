/** Costs of a server's front-end: the processes that speak HTTP, tokenize, and send what the engine generates. */
export interface FrontEndCosts {
  /** Processes that share requests in turn. */
  readonly processes: number;
  /** Milliseconds of a process's event loop for a request, half of them before its prompt is tokenized. */
  readonly requestMs: number;
  /** Turns of the loop that a request takes, half of them before its prompt is tokenized. At least 2. */
  readonly requestTurns: number;
  /** Milliseconds of the one thread beside the loop that renders and tokenizes prompts. 0: there is none. */
  readonly poolMs: number;
  /** Milliseconds that this thread waits for a busy loop to let it run, each of two times. */
  readonly switchMs: number;
  /** Milliseconds that a request waits beside both. */
  readonly requestWaitMs: number;
  /** Milliseconds that it also waits for each token of its prompt to be tokenized, beside the event loop. */
  readonly promptTokenMs: number;
  /** Milliseconds for each message from the engine, one a step. */
  readonly messageMs: number;
  /** Milliseconds for each token in a message: detokenizing, statistics. */
  readonly tokenMs: number;
  /** Milliseconds for each event sent to a client. */
  readonly eventMs: number;
  /** Tokens of a message that are handled before events are sent. `Infinity`: all. */
  readonly chunkTokens: number;
  /** Tokens of an answer that are sent together, apart from its first and last. At least 1. */
  readonly streamInterval: number;
}

/** True if a front-end takes any time, or changes what is sent together. */
export function takesTime(costs: FrontEndCosts): boolean {
  const { requestMs, poolMs, requestWaitMs, promptTokenMs, messageMs, tokenMs, eventMs, streamInterval } = costs;
  return requestMs + poolMs + requestWaitMs + promptTokenMs + messageMs + tokenMs + eventMs > 0 || streamInterval > 1;
}
