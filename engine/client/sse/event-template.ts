/** Data of a stream's events around the text of each. */
export interface EventTemplate {
  readonly before: string;
  readonly after: string;
}

/** Event with `text` under `key` as its only output. `read` extracts the text of such an event, as a check. */
export interface EventExample {
  readonly data: string;
  readonly key: string;
  readonly text: string;
  readonly read: (event: unknown) => unknown;
}

/** Template of events like this one. Undefined where it is ambiguous. */
export function templateOf({ data, key, text, read }: EventExample): EventTemplate | undefined {
  const said = `"${key}":${JSON.stringify(text)}`;
  const at = data.indexOf(said);
  if (at < 0) return undefined;
  const before = data.slice(0, at + key.length + 4);
  const after = data.slice(at + said.length - 1);
  return read(JSON.parse(`${before}probe${after}`)) === 'probe' ? { before, after } : undefined;
}

/** Takes the template of an answer's example. One without is given up: a later event may be plainer. */
export function takeTemplate(answer: { example: EventExample | undefined }): EventTemplate | undefined {
  const template = answer.example && templateOf(answer.example);
  if (!template) answer.example = undefined;
  return template;
}
