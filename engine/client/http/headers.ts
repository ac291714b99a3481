/** Headers of a response as they come: names in lower case, values that came more than once as a list. */
export type RawHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** So many different names are remembered. */
const MOST_KNOWN = 1000;
const known = new Map<string, string>();

/** `content-type` → `Content-Type`: the form in which k6 names headers. */
export function canonicalName(name: string): string {
  const found = known.get(name);
  if (found !== undefined) return found;
  const canonical = name.toLowerCase().replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(name, canonical);
  return canonical;
}

/** Headers by their canonical names; values that came more than once are joined by a comma. */
export function canonicalHeaders(raw: RawHeaders): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name in raw) {
    const value = raw[name];
    if (value !== undefined) headers[canonicalName(name)] = typeof value === 'string' ? value : value.join(', ');
  }
  return headers;
}

/** A header of a request by its canonical name, with all of its values; `list` has names and values in turn. */
export function headerLists(list: readonly string[]): Record<string, string[]> {
  const headers: Record<string, string[]> = {};
  for (let i = 0; i < list.length; i += 2) {
    const name = canonicalName(list[i] ?? '');
    headers[name] = [...(headers[name] ?? []), list[i + 1] ?? ''];
  }
  return headers;
}

/** The first value of a response's header, empty without. */
export function firstValue(raw: RawHeaders, name: string): string {
  const value = raw[name];
  return (typeof value === 'string' ? value : value?.[0]) ?? '';
}

/** Every value of a response's header. */
export function everyValue(raw: RawHeaders, name: string): readonly string[] {
  const value = raw[name];
  return typeof value === 'string' ? [value] : (value ?? []);
}

/** A list of names and values in turn without the headers for which `drop` is true of the name in lower case. */
export function withoutHeaders(list: readonly string[], drop: (name: string) => boolean): string[] {
  return list.filter((_, index) => !drop((list[index - (index % 2)] ?? '').toLowerCase()));
}
