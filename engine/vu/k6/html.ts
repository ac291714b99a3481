import type * as cheerioModule from 'cheerio';
import { lazily } from '../../lazy-require.js';
import { Element } from './html-element.js';

const cheerio = lazily<typeof cheerioModule>('cheerio');

/** Nodes found in a document. */
type Nodes = ReturnType<cheerioModule.CheerioAPI>;
type Arg = string | Selection | undefined;

/** Parses a document. `url` is the base of its links. */
export function parseHtml(text: string, url = ''): Selection {
  const open = cheerio().load(text);
  return new Selection(open, open.root() as unknown as Nodes, url);
}

/** Fields that a form does not send. */
const UNSENT = ['submit', 'button', 'reset', 'image', 'file'];

/** Selection of elements, like k6's and jQuery's. */
export class Selection {
  readonly #open: cheerioModule.CheerioAPI;
  readonly #nodes: Nodes;
  readonly #url: string;

  constructor(open: cheerioModule.CheerioAPI, nodes: Nodes, url: string) {
    this.#open = open;
    this.#nodes = nodes;
    this.#url = url;
  }

  find = (selector: Arg) => this.#with(this.#nodes.find(this.#plain(selector) as string));
  add = (selector: Arg) => this.#with(this.#nodes.add(this.#plain(selector) as string));
  closest = (selector: Arg) => this.#with(this.#nodes.closest(this.#plain(selector) as string));
  has = (selector: Arg) => this.#with(this.#nodes.has(this.#plain(selector) as string));
  not = (selector: Arg) => this.#with(this.#nodes.not(this.#plain(selector) as string));
  is = (selector: Arg) => this.#nodes.is(this.#plain(selector) as string);
  children = (selector?: string) => this.#with(this.#nodes.children(selector));
  parent = (selector?: string) => this.#with(this.#nodes.parent(selector));
  parents = (selector?: string) => this.#with(this.#nodes.parents(selector));
  siblings = (selector?: string) => this.#with(this.#nodes.siblings(selector));
  next = (selector?: string) => this.#with(this.#nodes.next(selector));
  nextAll = (selector?: string) => this.#with(this.#nodes.nextAll(selector));
  prev = (selector?: string) => this.#with(this.#nodes.prev(selector));
  prevAll = (selector?: string) => this.#with(this.#nodes.prevAll(selector));
  nextUntil = (until?: string, filter?: string) => this.#with(this.#nodes.nextUntil(until, filter));
  prevUntil = (until?: string, filter?: string) => this.#with(this.#nodes.prevUntil(until, filter));
  parentsUntil = (until?: string, filter?: string) => this.#with(this.#nodes.parentsUntil(until, filter));
  contents = () => this.#with(this.#nodes.contents() as unknown as Nodes);
  first = () => this.#with(this.#nodes.first());
  last = () => this.#with(this.#nodes.last());
  eq = (index: number) => this.#with(this.#nodes.eq(index));
  end = () => this.#with(this.#nodes.end() as unknown as Nodes);
  slice = (start: number, end?: number) => this.#with(this.#nodes.slice(start, end));
  size = () => this.#nodes.length;
  text = () => this.#nodes.text();
  toArray = () => Array.from({ length: this.#nodes.length }, (_, index) => this.eq(index));
  serialize = () => new URLSearchParams(this.serializeArray().flatMap(pairsOf)).toString();

  html(): string | undefined {
    return this.#nodes.html() ?? undefined;
  }

  attr(name: string, otherwise?: string): string | undefined {
    return this.#nodes.attr(name) ?? otherwise;
  }

  /** Value of a field of a form. */
  val(): string | readonly string[] | undefined {
    const name = this.#nodes.prop('tagName')?.toLowerCase();
    if (name === 'input') {
      const isBox = ['radio', 'checkbox'].includes(this.attr('type') ?? '');
      return this.attr('value', isBox ? 'on' : '');
    }
    if (name === 'button') return this.attr('value', '');
    if (name === 'textarea') return this.html();
    if (name === 'option') return this.attr('value') ?? this.html();
    if (name !== 'select') return undefined;
    const chosen = this.first().find('option[selected]');
    if (this.attr('multiple') === undefined) return chosen.attr('value') ?? chosen.html();
    return chosen.toArray().map((option) => option.attr('value') ?? option.html() ?? '');
  }

  data(name?: string): unknown {
    return name === undefined ? this.#nodes.data() : this.#nodes.data(name);
  }

  each(visit: (index: number, element: Element) => unknown): this {
    for (const [index, selection] of this.toArray().entries()) visit(index, new Element(selection));
    return this;
  }

  map<Result>(make: (index: number, selection: Selection) => Result): Result[] {
    return this.toArray().map((selection, index) => make(index, selection));
  }

  filter(by: Arg | ((index: number, element: Element) => boolean)): Selection {
    if (typeof by !== 'function') return this.#with(this.#nodes.filter(this.#plain(by) as string));
    const kept = this.toArray().map((selection, index) => Boolean(by(index, new Element(selection))));
    return this.#with(this.#nodes.filter((index) => kept[index] === true));
  }

  get(index?: number): Element | undefined | Element[] {
    if (index === undefined) return this.toArray().map((selection) => new Element(selection));
    const selection = this.toArray().at(index);
    return selection && new Element(selection);
  }

  index(of?: Arg): number {
    return of === undefined ? this.#nodes.index() : this.#nodes.index(this.#plain(of) as string);
  }

  /** Fields of a form that it would send. */
  serializeArray(): readonly { readonly name: string; readonly value: string | readonly string[] | undefined }[] {
    const fields = 'input,select,textarea,keygen';
    return (this.is('form') ? this.find(fields) : this.filter(fields)).toArray().flatMap((field) => {
      const type = field.attr('type', '') ?? '';
      const isChecked = field.attr('checked') !== undefined || !['checkbox', 'radio'].includes(type);
      const name = field.attr('name', '') ?? '';
      const isSent = name !== '' && field.attr('disabled') === undefined && !UNSENT.includes(type) && isChecked;
      return isSent ? [{ name, value: field.val() }] : [];
    });
  }

  serializeObject(): Record<string, unknown> {
    return Object.fromEntries(this.serializeArray().map(({ name, value }) => [name, value]));
  }

  /** First node, for elements. */
  get node(): unknown {
    return this.#nodes[0];
  }

  #with(nodes: unknown): Selection {
    return new Selection(this.#open, nodes as Nodes, this.#url);
  }

  #plain(selector: unknown): unknown {
    return selector instanceof Selection ? selector.#nodes : selector;
  }
}

function pairsOf({ name, value }: { readonly name: string; readonly value: unknown }): [string, string][] {
  return (Array.isArray(value) ? value : [value]).map((each) => [name, String(each ?? '')]);
}
