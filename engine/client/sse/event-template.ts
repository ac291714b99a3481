/** What the events of a stream have in common: all but the text that each brings. */
export interface EventTemplate {
  readonly before: string;
  readonly after: string;
}

/**
 * The template of an event that brought `text` under `key` and nothing else. Undefined where it cannot be told from the
 * event's own characters; `read` gives what a template's event brings, to make sure.
 */
export function templateOf(
  data: string,
  key: string,
  text: string,
  read: (event: unknown) => string | null | undefined,
): EventTemplate | undefined {
  const said = `"${key}":${JSON.stringify(text)}`;
  const at = data.indexOf(said);
  if (at < 0) return undefined;
  const before = data.slice(0, at + key.length + 4);
  const after = data.slice(at + said.length - 1);
  return read(JSON.parse(`${before}probe${after}`)) === 'probe' ? { before, after } : undefined;
}
