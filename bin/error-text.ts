import { UserError } from '../engine/errors.js';
import { paint, wantsColor } from '../reporters/paint.js';
import { safeText } from '../reporters/terminal-text.js';
import { type Io, printLine } from './io.js';
import { ownTrace } from './own-trace.js';

/** Prints an error on stderr. A UserError shows message, place and hint; a bug of ours its stack. */
export function printError({ stderr, env }: Pick<Io, 'stderr' | 'env'>, error: unknown): void {
  const style = paint(wantsColor(stderr, env));
  const print = (line: string) => printLine(stderr, line);
  if (!(error instanceof UserError)) {
    const stack = error instanceof Error ? ownTrace(error.stack ?? error.message) : String(error);
    print(`${style.red('tokenswarm has a bug:')} ${stack}\nPlease report it with the command that you ran.`);
    return;
  }
  const [first = '', ...more] = error.message.split('\n').map(safeText);
  const where = error.where ? `${safeText(error.where)}: ` : '';
  print(`${style.red('error')} ${where}${first}`);
  for (const line of more) print(`      ${line}`);
  if (error.hint) print(`${style.dim('hint ')} ${safeText(error.hint)}`);
}
