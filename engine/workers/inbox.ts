import type { MessagePort } from 'node:worker_threads';
import type { Command } from './protocol.js';

/** The commands of the main thread, one after another. */
export interface Inbox extends AsyncIterable<Command> {
  /** From now on `drain` and `abort` go to the listener at once, also those that wait already. */
  interrupts(listener: (command: Command & { readonly type: 'drain' | 'abort' }) => void): void;
}

/** Listens to a port. */
export function openInbox(port: MessagePort): Inbox {
  const waiting: Command[] = [];
  let wake: () => void = () => undefined;
  let listener: Parameters<Inbox['interrupts']>[0] | undefined;
  const deliver = (command: Command) => {
    if (listener && (command.type === 'drain' || command.type === 'abort')) listener(command);
    else waiting.push(command);
  };
  port.on('message', (command: Command) => {
    deliver(command);
    wake();
  });
  return {
    interrupts(to) {
      listener = to;
      for (const command of waiting.splice(0)) deliver(command);
    },
    async *[Symbol.asyncIterator]() {
      while (true) {
        const next = waiting.shift();
        if (next) yield next;
        else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    },
  };
}
