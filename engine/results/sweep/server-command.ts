import { didYouMean, ExitCode, UserError } from '../../errors.js';

/** `{TP}`, but not the shell's `${TP}` and nothing of JSON. */
const PLACEHOLDER = /(?<!\$)\{([A-Za-z_][\w-]*)\}/g;

/** A value that a shell takes as it is. */
const PLAIN = /^[\w@%+=:,./-]+$/;

/** The names in a server's command that stand for values, each once. */
export function placeholdersOf(command: string): readonly string[] {
  return [...new Set([...command.matchAll(PLACEHOLDER)].map(([, name = '']) => name))];
}

/** Makes sure that every placeholder is known; throws a UserError. */
export function checkPlaceholders(command: string, known: readonly string[]): void {
  const unknown = placeholdersOf(command).filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  const there = known.length > 0 ? `there are: ${known.join(', ')}` : 'there is none';
  throw new UserError(
    unknown.map((name) => `{${name}} is neither varied nor a label; ${there}${didYouMean(name, known)}`).join('\n'),
    { where: '--server', hint: 'vary it with --vary, or give it with --label', exitCode: ExitCode.invalidConfig },
  );
}

/** A server's command with the values in place of their names; what a shell would take apart is quoted. */
export function fillCommand(command: string, values: Readonly<Record<string, string>>): string {
  return command.replace(PLACEHOLDER, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return PLAIN.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
  });
}
