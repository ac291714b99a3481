/** Sample in Prometheus' text format. */
export interface PrometheusSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const LINE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})?\s+(\S+)/;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"/g;
const ESCAPED: Readonly<Record<string, string>> = { n: '\n' };

/**
 * Parses samples with these names from Prometheus' text format. Other lines are skipped, since a server has thousands
 * of them; so are invalid ones.
 */
export function readPrometheus(text: string, names: ReadonlySet<string>): readonly PrometheusSample[] {
  return text.split('\n').flatMap((line) => {
    const end = line.search(/[{\s]/);
    if (!names.has(line.slice(0, end))) return [];
    const [, name = '', labels = '', number = ''] = LINE.exec(line) ?? [];
    const value = numberOf(number);
    return name === '' || Number.isNaN(value) ? [] : [{ name, labels: labelsOf(labels), value }];
  });
}

function labelsOf(text: string): Readonly<Record<string, string>> {
  const labels = [...text.matchAll(LABEL)].map(([, name = '', value = '']) => {
    return [name, value.replace(/\\(.)/g, (_, character: string) => ESCAPED[character] ?? character)] as const;
  });
  return Object.fromEntries(labels);
}

function numberOf(text: string): number {
  if (/^\+?Inf$/i.test(text)) return Number.POSITIVE_INFINITY;
  if (/^-Inf$/i.test(text)) return Number.NEGATIVE_INFINITY;
  return text === '' ? Number.NaN : Number(text);
}
