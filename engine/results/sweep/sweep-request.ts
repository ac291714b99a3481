/** What a command asked for, flag by flag, as it was written. The same again goes on where it was interrupted. */
export type Asked = Readonly<Record<string, string>>;

/** How one command differs from another, in words; nothing where they ask for the same. */
export function askedDifferences(before: Asked, now: Asked): readonly string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(now)])].flatMap((flag) => {
    const [was, is] = [before[flag], now[flag]];
    if (was === is) return [];
    if (was?.startsWith('sha256:') || is?.startsWith('sha256:')) return [`${flag} has changed`];
    return [
      `${flag} ${was === undefined ? 'was not given' : `was ${was}`}, and ${is === undefined ? 'is not given' : `is ${is}`} now`,
    ];
  });
}

/** A text of the user's that may be kept and shown: without passwords of URLs, and without what follows flags of keys. */
export function withoutSecrets(text: string): string {
  return text
    .replace(/(\/\/)[^/@\s]*@/g, '$1***@')
    .replace(/(--[\w-]*(?:key|token|secret|password)[\s=]+)("[^"]*"|'[^']*'|\S+)/gi, '$1***');
}
