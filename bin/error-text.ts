import { UserError } from '../engine/core.js';
import { paint, safeText, wantsColor } from '../reporters/core.js';

/** Prints an error for people on stderr: a UserError as what, where and what to do; a bug of ours with its stack. */
export function printError(error: unknown): void {
  const style = paint(wantsColor(process.stderr, process.env));
  if (!(error instanceof UserError)) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    console.error(`${style.red('tokenswarm has a bug:')} ${stack}\nPlease report it with the command that you ran.`);
    return;
  }
  const [first = '', ...more] = error.message.split('\n').map(safeText);
  const where = error.where ? `${safeText(error.where)}: ` : '';
  console.error(`${style.red('error')} ${where}${first}`);
  for (const line of more) console.error(`      ${line}`);
  if (error.hint) console.error(`${style.dim('hint ')} ${safeText(error.hint)}`);
}
