/** Flags of a command as written. Repeating the command resumes it. */
export type SweepRequest = Readonly<Record<string, string>>;

/** Differences between two commands, in words; empty if there are none. */
export function requestDifferences(before: SweepRequest, now: SweepRequest): readonly string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(now)])].flatMap((flag) => {
    const [was, is] = [before[flag], now[flag]];
    if (was === is) return [];
    if (was?.startsWith('sha256:') || is?.startsWith('sha256:')) return [`${flag} has changed`];
    return [
      `${flag} ${was === undefined ? 'was not given' : `was ${was}`}, and ${is === undefined ? 'is not given' : `is ${is}`} now`,
    ];
  });
}

/** User's text without secrets: passwords in URLs, and values of key flags. */
export function withoutSecrets(text: string): string {
  return text
    .replace(/(\/\/)[^/@\s]*@/g, '$1***@')
    .replace(
      /((?:--[\w-]*|\b\w*_|\b)(?:key|token|secret|password|passphrase)(?:=|(?<=--[\w-]*)\s+))("[^"]*"|'[^']*'|\S+)/gi,
      '$1***',
    );
}
