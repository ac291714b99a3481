import type { MessagePort } from 'node:worker_threads';
import { AsyncQueue } from '../async-queue.js';
import type { Command } from '../messages.js';

/** Queue of the main thread's commands. */
export interface CommandQueue extends AsyncIterable<Command> {
  /** Passes urgent commands to the listener at once, queued ones included. */
  interrupts(listener: (command: LiveCommand) => void): void;
}

/** Commands for a running load. */
export type LiveCommand = Command & { readonly type: 'revise' | 'pause' | 'resume' | 'scale' | 'drain' | 'abort' };

function isLive(command: Command): command is LiveCommand {
  return ['revise', 'pause', 'resume', 'scale', 'drain', 'abort'].includes(command.type);
}

/** Opens the command queue of a port. */
export function openCommandQueue(port: MessagePort): CommandQueue {
  const waiting = new AsyncQueue<Command>();
  let listener: Parameters<CommandQueue['interrupts']>[0] | undefined;
  const deliver = (command: Command) => {
    if (listener && isLive(command)) listener(command);
    else waiting.push(command);
  };
  port.on('message', deliver);
  return {
    interrupts(to) {
      listener = to;
      for (const command of waiting.takeAll()) deliver(command);
    },
    [Symbol.asyncIterator]: () => waiting[Symbol.asyncIterator](),
  };
}
