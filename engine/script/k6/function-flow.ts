import { ELEMENTS, type Flow, type Holder } from './flow.js';
import { isK6Module } from './modules.js';
import { FILLING, IN_TURN, TAKING } from './natives.js';
import {
  type CallNode,
  type ClassNode,
  type FunctionNode,
  isClass,
  isFunction,
  type Node,
  propertyName,
  type Syntax,
} from './syntax.js';

/** Flow of callable values into functions and out of them. */
export class FunctionFlow {
  readonly #flow: Flow;
  readonly #syntax: Syntax;
  readonly #holderOf: (node: Node) => Holder;
  readonly #results = new Map<FunctionNode, Holder>();
  readonly #parameters = new Map<FunctionNode, Map<number, Holder>>();

  constructor(flow: Flow, syntax: Syntax, holderOf: (node: Node) => Holder) {
    this.#flow = flow;
    this.#syntax = syntax;
    this.#holderOf = holderOf;
  }

  /** Holder of what a function returns. */
  resultOf(of: FunctionNode): Holder {
    const known = this.#results.get(of) ?? {};
    this.#results.set(of, known);
    return known;
  }

  /** Holder of a parameter. */
  parameterOf(of: FunctionNode, index: number): Holder {
    const all = this.#parameters.get(of) ?? new Map<number, Holder>();
    this.#parameters.set(of, all);
    const last = of.params.length - 1;
    if (index >= last && of.params[last]?.type === 'RestElement') return ELEMENTS;
    const known = all.get(index) ?? {};
    all.set(index, known);
    return known;
  }

  /** Links a call with all that it may call. */
  call(node: CallNode): void {
    const { callee } = node;
    const args = node.arguments.map((given) => (given.type === 'SpreadElement' ? ELEMENTS : this.#holderOf(given)));
    if (callee.type === 'Super') this.#callParent(node, args);
    else this.#link(this.#holderOf(callee), node, args);
    if (callee.type === 'MemberExpression') {
      this.#callMethod(node, callee.object, propertyName(callee.property, callee.computed), args);
    }
    if (callee.type === 'Identifier') this.#require(node, callee.name, args);
  }

  #link(callee: Holder, node: CallNode, args: readonly Holder[]): void {
    this.#flow.watch(callee, (value) => {
      if (isFunction(value as Node)) this.#enter(value as FunctionNode, node, args);
      else if (isClass(value as Node)) {
        const made = constructorOf(value as ClassNode);
        if (made) this.#enter(made, node, args);
      } else if (value.type === 'api') this.#callApi(value.name, node, args);
    });
  }

  #enter(called: FunctionNode, node: CallNode, args: readonly Holder[]): void {
    for (const [index, given] of args.entries()) this.#flow.connect(given, this.parameterOf(called, index));
    this.#flow.connect(this.resultOf(called), node);
  }

  /** `group` returns what its function returns. */
  #callApi(name: string, node: CallNode, [, run]: readonly Holder[]): void {
    if (name === 'group' && run) this.#link(run, node, []);
  }

  #callMethod(node: CallNode, object: Node, name: string | undefined, args: readonly Holder[]): void {
    const flow = this.#flow;
    if (name === undefined || object.type === 'Super') return;
    const receiver = this.#holderOf(object);
    if (name === 'call') this.#link(receiver, node, args.slice(1));
    if (name === 'apply')
      this.#link(
        receiver,
        node,
        Array.from({ length: 8 }, () => ELEMENTS),
      );
    if (name === 'bind') flow.connect(receiver, node);
    if (FILLING.includes(name)) for (const given of args) flow.connect(given, ELEMENTS);
    if (TAKING.includes(name)) flow.connect(ELEMENTS, node);
    const element = IN_TURN[name];
    const [callback] = args;
    if (element === undefined || callback === undefined) return;
    flow.watch(callback, (value) => {
      if (!isFunction(value as Node)) return;
      flow.connect(ELEMENTS, this.parameterOf(value as FunctionNode, element));
      flow.connect(this.resultOf(value as FunctionNode), ELEMENTS);
    });
  }

  #callParent(node: CallNode, args: readonly Holder[]): void {
    for (let above = this.#syntax.parents.get(node); above; above = this.#syntax.parents.get(above)) {
      if (!isClass(above)) continue;
      if (above.superClass) this.#link(this.#holderOf(above.superClass), node, args);
      return;
    }
  }

  /** Functions of the compiler that hand out modules. */
  #require(node: CallNode, name: string, [first]: readonly Holder[]): void {
    const [given] = node.arguments;
    if ((name === 'require' || name === '__require') && given?.type === 'Literal' && isK6Module(String(given.value))) {
      this.#flow.add(node, this.#flow.api(String(given.value), ''));
    }
    if ((name === '__toESM' || name === '__toCommonJS') && first) this.#flow.connect(first, node);
  }
}

/** Constructor of a class; undefined where it has none of its own. */
export function constructorOf({ body }: ClassNode): FunctionNode | undefined {
  const found = body.body.find((member) => member.type === 'MethodDefinition' && member.kind === 'constructor');
  return found?.type === 'MethodDefinition' ? found.value : undefined;
}
