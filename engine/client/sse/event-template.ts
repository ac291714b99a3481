/** Data of a stream's events around the text of each. */
export interface EventTemplate {
  readonly before: string;
  readonly after: string;
}

/**
 * Template of an event with `text` under `key` as its only output. Undefined where the event is ambiguous; `read`
 * extracts the text of an event, as a check.
 */
export function templateOf(
  data: string,
  key: string,
  text: string,
  read: (event: unknown) => unknown,
): EventTemplate | undefined {
  const said = `"${key}":${JSON.stringify(text)}`;
  const at = data.indexOf(said);
  if (at < 0) return undefined;
  const before = data.slice(0, at + key.length + 4);
  const after = data.slice(at + said.length - 1);
  return read(JSON.parse(`${before}probe${after}`)) === 'probe' ? { before, after } : undefined;
}
