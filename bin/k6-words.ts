/** Flags of k6 that are words of ours. */
const OURS: Readonly<Record<string, (value: string) => readonly string[]>> = {
  '--summary-export': (file) => ['--out', `k6-summary=${file}`],
  '--summary-mode': (mode) => ['--summary', { full: 'full', disabled: 'none' }[mode] ?? 'text'],
};

/** Flags with an optional value, and what they mean without one. What follows is the scenario. */
const ALONE: Readonly<Record<string, string>> = {
  '--web': '--web=',
  '--http-debug': '--http-debug=headers',
  '--no-summary': '--summary=none',
};

/** Replaces flags of k6 by ours, and marks those without a value. */
export function inOurWords(argv: readonly string[]): string[] {
  return argv.flatMap((word, index) => {
    // The value of a flag before it has gone with that flag.
    if (Object.hasOwn(OURS, argv[index - 1] ?? '')) return [];
    const [, flag = word, value = argv[index + 1] ?? ''] = /^(--[\w-]+)=(.*)$/s.exec(word) ?? [];
    return OURS[flag]?.(value) ?? ALONE[word] ?? word;
  });
}
