import { constants, setPriority } from 'node:os';
import { UserError } from '../errors.js';
import type { CounterMessage, CountRequest } from './counter.js';
import { openTokenizer } from './tokenizer.js';

const send = (message: CounterMessage) => process.send?.(message);

// Ctrl-C is for the run, which ends this process by closing the channel.
process.on('SIGINT', () => undefined);
try {
  const { count } = openTokenizer(process.argv[2] ?? '');
  try {
    // The lowest priority would get next to no time where every core is busy.
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Without the permission it runs at normal priority.
  }
  process.on('message', ({ worker, order }: CountRequest) => {
    const counts = order.map((parts) => parts.reduce((sum, part) => sum + count(part), 0));
    send({ worker, counts });
  });
  send('ready');
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  const { message, where = '', hint = '' } = error;
  send({ message, where, hint });
  process.disconnect();
}
