/** Response headers by lower-case name. Repeated ones are lists. */
export type RawHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** Most names in the cache. */
const MOST_KNOWN = 1000;
const known = new Map<string, string>();

/** Canonical form of a header name, as in k6: `content-type` → `Content-Type`. */
function canonicalName(name: string): string {
  const found = known.get(name);
  if (found !== undefined) return found;
  const canonical = name.toLowerCase().replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(name, canonical);
  return canonical;
}

/** Response headers by canonical name, with repeated values joined by commas. */
export function canonicalHeaders(raw: RawHeaders): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name in raw) {
    const value = raw[name];
    if (value !== undefined) headers[canonicalName(name)] = typeof value === 'string' ? value : value.join(', ');
  }
  return headers;
}

/** Request headers by canonical name, from names and values in turn. */
export function headerLists(list: readonly string[]): Record<string, string[]> {
  const headers: Record<string, string[]> = {};
  for (let i = 0; i < list.length; i += 2) {
    const name = canonicalName(list[i] ?? '');
    headers[name] = [...(headers[name] ?? []), list[i + 1] ?? ''];
  }
  return headers;
}

/** First value of a response header, or the empty string. */
export function firstValue(raw: RawHeaders, name: string): string {
  const value = raw[name];
  return (typeof value === 'string' ? value : value?.[0]) ?? '';
}

/** All values of a response header. */
export function everyValue(raw: RawHeaders, name: string): readonly string[] {
  const value = raw[name];
  return typeof value === 'string' ? [value] : (value ?? []);
}

/** Removes headers from a list of names and values in turn. `drop` gets the name in lower case. */
export function withoutHeaders(list: readonly string[], drop: (name: string) => boolean): string[] {
  return list.filter((_, index) => !drop((list[index - (index % 2)] ?? '').toLowerCase()));
}
