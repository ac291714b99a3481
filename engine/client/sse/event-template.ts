/** Byte of a template that stands for any number. JSON cannot have it. */
export const NUMBER = 1;

/** Data of a stream's events around the text of each. */
export interface EventTemplate {
  readonly before: string;
  readonly after: string;
}

/** Numbers that differ from event to event, and that no protocol reads. */
const UNREAD = /("(?:created|created_at|written_at|sequence_number)": ?)-?\d[-+.\deE]*/g;

/** Template of events that differ from this one in `text`. Undefined where it is escaped, or no value of the event. */
export function templateOf(data: string, text: string): EventTemplate | undefined {
  const said = JSON.stringify(text);
  if (said.length !== text.length + 2) return undefined;
  for (const start of [':', ': ']) {
    const at = data.indexOf(start + said);
    if (at < 0) continue;
    const from = at + start.length + 1;
    return { before: data.slice(0, from), after: data.slice(from + text.length) };
  }
  return undefined;
}

/** Puts NUMBER in place of each unread number. */
export function withoutNumbers({ before, after }: EventTemplate): EventTemplate {
  // A quotation mark within a text is escaped in JSON, so what is replaced is no part of one.
  const open = `$1${String.fromCharCode(NUMBER)}`;
  return { before: before.replace(UNREAD, open), after: after.replace(UNREAD, open) };
}
