import type { MessagePort } from 'node:worker_threads';
import type { Command } from '../messages.js';

/** The commands of the main thread, one after another. */
export interface Inbox extends AsyncIterable<Command> {
  /** From now on what cannot wait goes to the listener at once, also what waits already. */
  interrupts(listener: (command: Urgent) => void): void;
}

/** Commands that are for a load that is running. */
export type Urgent = Command & { readonly type: 'revise' | 'pause' | 'resume' | 'scale' | 'drain' | 'abort' };

function isUrgent(command: Command): command is Urgent {
  return ['revise', 'pause', 'resume', 'scale', 'drain', 'abort'].includes(command.type);
}

/** Listens to a port. */
export function openInbox(port: MessagePort): Inbox {
  const waiting: Command[] = [];
  let wake: () => void = () => undefined;
  let listener: Parameters<Inbox['interrupts']>[0] | undefined;
  const deliver = (command: Command) => {
    if (listener && isUrgent(command)) listener(command);
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
