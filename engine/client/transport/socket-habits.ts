/** Maximum idle time of a socket closed after its answer, in ms. */
const AT_ONCE = 1000;

/** Maximum closes in a row before sockets are no longer reused. */
const MOST_CLOSED = 2;

/** Maximum wait for the body of a complete answer, in ms. */
export const MOMENT = 20;

/** Maximum wait for what follows a finish reason, in ms. */
const REST = 2000;

/** Maximum late ends before they are no longer waited for. */
const MOST_LATE = 2;

/** Learns how a server ends answers and sockets. One for each server and thread. */
export class SocketHabits {
  #closed = 0;
  #late = 0;
  #prompt = 0;

  /** Records a socket closed by the server, idle since its only answer. */
  recordClosed(idle: number): void {
    if (idle < AT_ONCE) this.#closed += 1;
  }

  /** Records that a socket has carried a further answer. */
  recordReuse(): void {
    this.#closed = 0;
  }

  /** True where sockets can be reused. A request on a closing socket would be sent twice. */
  get keepsSockets(): boolean {
    return this.#closed < MOST_CLOSED;
  }

  /** Records whether the body of a complete answer ended in time. */
  recordEnd(isPrompt: boolean): void {
    if (isPrompt) this.#prompt += 1;
    else this.#late += 1;
  }

  /** Time to wait for the end of a body, in ms. */
  get patience(): number {
    return this.#endsLate ? 0 : MOMENT;
  }

  /** Time to wait for what follows a finish reason, in ms. */
  get patienceForRest(): number {
    return this.#endsLate ? MOMENT : REST;
  }

  get #endsLate(): boolean {
    return this.#late > MOST_LATE && this.#late > this.#prompt;
  }
}
