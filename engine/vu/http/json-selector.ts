/**
 * Selects a part of a JSON value; undefined where missing. The selector has keys and indexes separated by dots
 * (`data.0.id`), `#` for the length of a list, and `#.key` for that key of each element. A dot in a key is written
 * `\.`.
 */
export function selectJson(value: unknown, selector: string): unknown {
  const steps = selector.match(/(?:\\.|[^.\\])+/g) ?? [];
  return follow(
    value,
    steps.map((step) => step.replace(/\\(.)/g, '$1')),
  );
}

function follow(value: unknown, [step, ...rest]: readonly string[]): unknown {
  if (step === undefined) return value;
  if (Array.isArray(value)) {
    if (step !== '#') return /^\d+$/.test(step) ? follow(value[Number(step)], rest) : undefined;
    if (rest.length === 0) return value.length;
    return value.map((element: unknown) => follow(element, rest)).filter((found) => found !== undefined);
  }
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
  return follow((value as Readonly<Record<string, unknown>>)[step], rest);
}
