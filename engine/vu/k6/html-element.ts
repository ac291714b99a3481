/** Node of a parsed document, as far as it is read here. */
interface DomNode {
  readonly name?: string;
  readonly type?: string;
  readonly data?: string;
  readonly attribs?: Readonly<Record<string, string>>;
}

/** Selection of elements, as far as it is read here. */
interface Selected {
  readonly node: unknown;
  attr(name: string): string | undefined;
  text(): string;
  html(): string | undefined;
  val(): unknown;
  is(selector: string): boolean;
  size(): number;
  find(selector: string): Selected;
  children(): Selected;
  contents(): Selected;
  parent(): Selected;
  next(): Selected;
  prev(): Selected;
  first(): Selected;
  last(): Selected;
  toArray(): Selected[];
}

/** One element of a selection. As in k6, its properties are functions. */
export class Element {
  readonly #selection: Selected;

  constructor(selection: Selected) {
    this.#selection = selection;
  }

  selection = () => this.#selection;
  nodeName = () => this.#node.name ?? `#${this.#node.type ?? 'text'}`;
  textContent = () => this.#selection.text();
  innerHTML = () => this.#selection.html() ?? '';
  toString = () => this.innerHTML();
  id = () => this.getAttribute('id') ?? '';
  className = () => this.getAttribute('class') ?? '';
  classList = () => this.className().split(/\s+/).filter(Boolean);
  value = () => this.#selection.val();
  href = () => this.getAttribute('href') ?? '';
  getAttribute = (name: string) => this.#selection.attr(name);
  hasAttribute = (name: string) => this.getAttribute(name) !== undefined;
  hasAttributes = () => Object.keys(this.#node.attribs ?? {}).length > 0;
  matches = (selector: string) => this.#selection.is(selector);
  querySelector = (selector: string) => elementOf(this.#selection.find(selector).first());
  querySelectorAll = (selector: string) => elementsOf(this.#selection.find(selector));
  getElementsByTagName = (name: string) => this.querySelectorAll(name);
  getElementsByClassName = (name: string) => this.querySelectorAll(`.${name}`);
  children = () => elementsOf(this.#selection.children());
  childElementCount = () => this.#selection.children().size();
  childNodes = () => elementsOf(this.#selection.contents());
  hasChildNodes = () => this.#selection.contents().size() > 0;
  firstChild = () => elementOf(this.#selection.contents().first());
  lastChild = () => elementOf(this.#selection.contents().last());
  firstElementChild = () => elementOf(this.#selection.children().first());
  lastElementChild = () => elementOf(this.#selection.children().last());
  nextElementSibling = () => elementOf(this.#selection.next());
  previousElementSibling = () => elementOf(this.#selection.prev());
  parentNode = () => elementOf(this.#selection.parent());
  parentElement = () => elementOf(this.#selection.parent());

  attributes(): Readonly<Record<string, { readonly name: string; readonly value: string }>> {
    const all = Object.entries(this.#node.attribs ?? {});
    return Object.fromEntries(all.map(([name, value]) => [name, { name, value }]));
  }

  get #node(): DomNode {
    return this.#selection.node as DomNode;
  }
}

function elementOf(selection: Selected): Element | undefined {
  return selection.size() > 0 ? new Element(selection) : undefined;
}

function elementsOf(selection: Selected): Element[] {
  return selection.toArray().map((each) => new Element(each));
}
