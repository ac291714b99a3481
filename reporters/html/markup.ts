/** Safe markup, inserted into a page unescaped. */
export class Markup {
  readonly text: string;

  private constructor(text: string) {
    this.text = text;
  }

  /** Wraps text of our own making: scripts and style sheets. */
  static trusted(text: string): Markup {
    return new Markup(text);
  }
}

/**
 * Content of a template: markup is inserted unescaped, anything else as text. Undefined, null and false are nothing.
 */
export type Content = Markup | string | number | undefined | null | false | readonly Content[];

/**
 * Template tag for markup. Values are escaped, except markup, so that names and messages cannot inject any. Usable
 * between tags and inside quoted attributes.
 */
export function html(strings: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  return Markup.trusted(strings.reduce((text, next, index) => text + shown(contents[index - 1]) + next));
}

/** Data for a script of the page, as content of `<script type="application/json">`. */
export function data(value: unknown): Markup {
  // Escaped so that nothing in it can end the element or begin a comment.
  return Markup.trusted(JSON.stringify(value).replaceAll('<', '\\u003c'));
}

function shown(content: Content): string {
  if (content === undefined || content === null || content === false) return '';
  if (content instanceof Markup) return content.text;
  return typeof content === 'object' ? content.map(shown).join('') : escaped(String(content));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Controls other than tabs and line breaks, and text direction marks. */
const UNSAFE = /[^\P{Cc}\t\n]|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

function escaped(text: string): string {
  return text.replace(UNSAFE, ' ').replace(/[&<>"']/g, (char) => ENTITIES[char] ?? '');
}
