import type { Value } from './flow.js';
import { constructorOf } from './function-flow.js';
import { K6_MODULES, WAITING_METHODS } from './modules.js';
import { IN_TURN, SYNCHRONOUS } from './natives.js';
import type { ProgramFlow } from './program-flow.js';
import {
  type CallNode,
  enclosing,
  type FunctionNode,
  isClass,
  isFunction,
  type Node,
  propertyName,
  type Syntax,
} from './syntax.js';

/** Form of an awaited call. Not `plain`: by a function that awaits its callbacks. */
type AwaitForm = 'plain' | 'in turn' | 'from' | 'check';

/** Call that cannot be awaited where it is. */
export interface Refusal {
  readonly node: Node;
  readonly message: string;
  readonly hint: string;
}

/** Calls of a program to await, and functions that become async. */
export interface Awaits {
  readonly calls: ReadonlyMap<CallNode, AwaitForm>;
  readonly functions: ReadonlySet<FunctionNode>;
  readonly refusals: readonly Refusal[];
}

/** Finds what to await, from k6's blocking functions to all callers. */
export function findAwaits(syntax: Syntax, program: ProgramFlow): Awaits {
  const search = new Search(syntax, program);
  while (search.pass());
  return search;
}

class Search implements Awaits {
  readonly calls = new Map<CallNode, AwaitForm>();
  readonly functions = new Set<FunctionNode>();
  readonly refusals: Refusal[] = [];
  readonly #syntax: Syntax;
  readonly #program: ProgramFlow;
  readonly #open: Set<CallNode>;

  constructor(syntax: Syntax, program: ProgramFlow) {
    this.#syntax = syntax;
    this.#program = program;
    const isCall = (node: Node): node is CallNode => node.type === 'CallExpression' || node.type === 'NewExpression';
    this.#open = new Set(syntax.nodes.filter(isCall));
  }

  /** Looks at every open call once. True where one was found that waits. */
  pass(): boolean {
    const before = this.#open.size;
    for (const call of this.#open) {
      const form = this.#formOf(call);
      if (form === undefined) continue;
      this.#open.delete(call);
      this.#mark(call, form);
    }
    return this.#open.size < before;
  }

  #formOf(call: CallNode): AwaitForm | undefined {
    const values = this.#program.flow.values(this.#program.holderOf(call.callee));
    const waits = [...values].some((value) => this.#waits(value));
    if (call.type === 'NewExpression') return waits ? 'plain' : undefined;
    const name =
      call.callee.type === 'MemberExpression' ? propertyName(call.callee.property, call.callee.computed) : undefined;
    if (waits || (name !== undefined && WAITING_METHODS.includes(name))) return 'plain';
    const [first, second] = call.arguments;
    if (this.#isApi(values, 'group')) return second && this.#isAsync(second) ? 'plain' : undefined;
    if (this.#isApi(values, 'check')) return second && this.#hasAsync(second) ? 'check' : undefined;
    if (call.callee.type !== 'MemberExpression' || name === undefined) return undefined;
    const { object } = call.callee;
    if (name === 'call' || name === 'apply') return this.#isAsync(object) ? 'plain' : undefined;
    if (IN_TURN[name] !== undefined && first && this.#isAsync(first)) return 'in turn';
    const isFrom = name === 'from' && object.type === 'Identifier' && object.name === 'Array';
    if (isFrom && second && this.#isAsync(second)) return 'from';
    const callback = call.arguments.find((given) => SYNCHRONOUS.includes(name) && this.#isAsync(given));
    if (callback) this.#refuseCallback(callback, name);
    return undefined;
  }

  #waits(value: Value): boolean {
    if (value.type === 'api') return K6_MODULES[value.module]?.waits?.includes(value.name) === true;
    if (isClass(value)) {
      const made = constructorOf(value);
      return made !== undefined && this.functions.has(made);
    }
    return this.functions.has(value);
  }

  #isApi(values: ReadonlySet<Value>, name: string): boolean {
    return [...values].some((value) => value.type === 'api' && value.module === 'k6' && value.name === name);
  }

  /** True for an expression that may be a function made async. */
  #isAsync(given: Node): boolean {
    const values = this.#program.flow.values(this.#program.holderOf(given));
    return [...values].some((value) => value.type !== 'api' && !isClass(value) && this.#waits(value));
  }

  /** True for conditions of a check of which one is made async. */
  #hasAsync(conditions: Node): boolean {
    if (conditions.type !== 'ObjectExpression') return false;
    return conditions.properties.some((each) => each.type === 'Property' && this.#isAsync(each.value));
  }

  /** Marks a call as awaited, and the function around it as async. */
  #mark(call: CallNode, form: AwaitForm): void {
    const { owner, obstacle } = enclosing(this.#syntax, call);
    if (obstacle) {
      this.#refuse(call, obstacle, 'move the call into a method, and call that one');
      return;
    }
    if (!owner) {
      this.#meetAtTop(call);
      return;
    }
    if (call.type === 'NewExpression') return;
    this.calls.set(call, form);
    if (owner.async || this.functions.has(owner)) return;
    const kind = this.#unable(owner);
    if (kind) this.#refuse(call, ...kind);
    else this.functions.add(owner);
  }

  /** Kind of a function that cannot become async, and its replacement. */
  #unable(owner: FunctionNode): readonly [place: string, hint: string] | undefined {
    const holder = this.#syntax.parents.get(owner);
    if (owner.generator) return ['a generator', 'return a list instead, or write an async function'];
    const kind = holder?.type === 'MethodDefinition' || holder?.type === 'Property' ? holder.kind : undefined;
    if (kind === 'constructor') {
      return ['a constructor', 'move the call into a method such as start(), and call that after new'];
    }
    if (kind === 'get' || kind === 'set') {
      return [`a ${kind}ter`, 'write a method in its place, such as token() for get token()'];
    }
    return undefined;
  }

  /** Leaves calls at the top to throw, as in k6. A function that makes them could not be awaited. */
  #meetAtTop(call: CallNode): void {
    const values = this.#program.flow.values(this.#program.holderOf(call.callee));
    if ([...values].some((value) => value.type === 'api')) return;
    this.#refuse(call, 'the top of the file', 'call it in setup() or in the iteration');
  }

  #refuse(node: Node, place: string, hint: string): void {
    const what = this.#syntax.text.slice(node.start, node.end).replace(/\s+/g, ' ');
    const shown = what.length > 50 ? `${what.slice(0, 50)}…` : what;
    this.refusals.push({ node, message: `${shown} waits for a response, which ${place} cannot do`, hint });
  }

  #refuseCallback(callback: Node, name: string): void {
    const known = this.refusals.some(({ node }) => node === callback);
    if (known || !isFunctionLike(callback)) return;
    const message = `this function sends requests, and ${name}() needs its result at once`;
    this.refusals.push({ node: callback, message, hint: `collect the responses in a loop first, then call ${name}()` });
  }
}

function isFunctionLike(node: Node): boolean {
  return isFunction(node) || node.type === 'Identifier' || node.type === 'MemberExpression';
}
