import { configError, didYouMean } from '../../errors.js';

/** Matches `{TP}`, but not the shell's `${TP}`, nor JSON. */
const PLACEHOLDER = /(?<!\$)\{([A-Za-z_][\w-]*)\}/g;

/** Matches values that a shell leaves unchanged. */
const PLAIN = /^[\w@%+=:,./-]+$/;

/** Names of placeholders in a server's command, without duplicates. */
export function placeholdersOf(command: string): readonly string[] {
  return [...new Set([...command.matchAll(PLACEHOLDER)].map(([, name = '']) => name))];
}

/** Checks that every placeholder is known; throws a UserError. */
export function checkPlaceholders(command: string, known: readonly string[]): void {
  const unknown = placeholdersOf(command).filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  const there = known.length > 0 ? `there are: ${known.join(', ')}` : 'there is none';
  throw configError(
    '--server',
    unknown.map((name) => `{${name}} is neither varied nor a label; ${there}${didYouMean(name, known)}`).join('\n'),
    'vary it with --vary, or give it with --label',
  );
}

/** Server command with its placeholders replaced. Values are quoted for the shell where needed. */
export function fillCommand(command: string, values: Readonly<Record<string, string>>): string {
  return command.replace(PLACEHOLDER, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return PLAIN.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
  });
}
