import type * as acorn from 'acorn';
import { ELEMENTS, Flow, type Holder } from './flow.js';
import { FunctionFlow } from './function-flow.js';
import { isK6Module } from './modules.js';
import { enclosing, type FunctionNode, isClass, isFunction, type Node, propertyName, type Syntax } from './syntax.js';

/** Flow of the callable values of a whole program. */
export class ProgramFlow {
  readonly flow = new Flow();
  readonly #syntax: Syntax;
  readonly #functions: FunctionFlow;

  constructor(syntax: Syntax) {
    this.#syntax = syntax;
    this.#functions = new FunctionFlow(this.flow, syntax, this.holderOf);
    for (const node of syntax.nodes) this.#visit(node);
  }

  /** Holder of the values of an expression. */
  readonly holderOf = (node: Node): Holder => {
    if (node.type === 'ChainExpression' || node.type === 'ParenthesizedExpression') {
      return this.holderOf(node.expression);
    }
    return node.type === 'Identifier' ? (this.#syntax.variableOf(node) ?? `global ${node.name}`) : node;
  };

  #visit(node: Node): void {
    if (isFunction(node)) this.#defineFunction(node);
    else if (isClass(node)) this.#define(node);
    else if (node.type === 'CallExpression' || node.type === 'NewExpression') this.#functions.call(node);
    else if (node.type === 'ImportDeclaration') this.#import(node);
    else this.#visitValue(node);
  }

  #visitValue(node: Node): void {
    const { flow, holderOf } = this;
    switch (node.type) {
      case 'VariableDeclarator':
        if (node.init) this.bind(node.id, holderOf(node.init));
        break;
      case 'AssignmentExpression':
        this.bind(node.left, holderOf(node.right));
        flow.connect(holderOf(node.right), node);
        break;
      case 'AssignmentPattern':
        this.bind(node.left, holderOf(node.right));
        break;
      case 'ForOfStatement':
        this.bind(declaredBy(node.left), ELEMENTS);
        break;
      case 'ReturnStatement': {
        const { owner } = enclosing(this.#syntax, node);
        if (owner && node.argument) flow.connect(holderOf(node.argument), this.#functions.resultOf(owner));
        break;
      }
      case 'ConditionalExpression':
        flow.connect(holderOf(node.consequent), node);
        flow.connect(holderOf(node.alternate), node);
        break;
      case 'LogicalExpression':
        flow.connect(holderOf(node.left), node);
        flow.connect(holderOf(node.right), node);
        break;
      case 'SequenceExpression': {
        const last = node.expressions.at(-1);
        if (last) flow.connect(holderOf(last), node);
        break;
      }
      case 'AwaitExpression':
        flow.connect(holderOf(node.argument), node);
        break;
      case 'ArrayExpression':
        for (const element of node.elements) if (element) flow.connect(holderOf(element), ELEMENTS);
        break;
      case 'MemberExpression':
        this.#member(node);
        break;
      default:
        this.#visitMember(node);
    }
  }

  /** Members of classes and objects. */
  #visitMember(node: Node): void {
    const { flow, holderOf } = this;
    if (node.type === 'MethodDefinition') {
      if (node.kind === 'get') flow.connect(this.#functions.resultOf(node.value), nameOf(node.key, node.computed));
      else if (node.kind === 'method') flow.connect(node.value, nameOf(node.key, node.computed));
    } else if (node.type === 'PropertyDefinition' && node.value) {
      flow.connect(holderOf(node.value), nameOf(node.key, node.computed));
    } else if (node.type === 'Property' && this.#syntax.parents.get(node)?.type === 'ObjectExpression') {
      const value = node.kind === 'get' && isFunction(node.value) ? this.#functions.resultOf(node.value) : undefined;
      const from = value ?? holderOf(node.value);
      flow.connect(from, nameOf(node.key, node.computed));
      flow.connect(from, ELEMENTS);
    }
  }

  #defineFunction(node: FunctionNode): void {
    this.#define(node);
    const { flow } = this;
    for (const [index, parameter] of node.params.entries()) {
      if (parameter.type === 'RestElement') continue;
      this.bind(parameter, this.#functions.parameterOf(node, index));
    }
    if (node.body.type !== 'BlockStatement') flow.connect(this.holderOf(node.body), this.#functions.resultOf(node));
  }

  #define(node: FunctionNode | acorn.ClassDeclaration | acorn.ClassExpression): void {
    this.flow.add(node, node);
    const name = node.type === 'ArrowFunctionExpression' ? undefined : node.id;
    if (name) this.flow.connect(node, this.holderOf(name));
  }

  /** Lets a pattern take the values of a holder. */
  bind(pattern: Node, from: Holder): void {
    const { flow } = this;
    switch (pattern.type) {
      case 'Identifier':
        flow.connect(from, this.holderOf(pattern));
        break;
      case 'MemberExpression':
        flow.connect(from, nameOf(pattern.property, pattern.computed));
        flow.connect(from, ELEMENTS);
        break;
      case 'AssignmentPattern':
        this.bind(pattern.left, from);
        break;
      case 'ArrayPattern':
        for (const element of pattern.elements) if (element) this.bind(element, ELEMENTS);
        break;
      case 'ObjectPattern':
        for (const property of pattern.properties) {
          if (property.type === 'RestElement') continue;
          const part = {};
          const name = nameOf(property.key, property.computed);
          flow.connect(name, part);
          this.#readApi(from, name, part);
          this.bind(property.value, part);
        }
        break;
      default:
    }
  }

  #member(node: acorn.MemberExpression): void {
    const { object, property, computed } = node;
    const name = nameOf(property, computed);
    this.#readApi(this.holderOf(object), name, node);
    // Functions of JSON and Math, or of a module of k6, are none of the script's.
    const isForeign = object.type === 'Identifier' && (!this.#syntax.variableOf(object) || this.#isImported(object));
    if (!isForeign) this.flow.connect(name, node);
  }

  #isImported(identifier: acorn.Identifier): boolean {
    return this.#syntax.variableOf(identifier)?.defs.some(({ type }) => type === 'ImportBinding') === true;
  }

  /** Reads a function out of a module of k6. */
  #readApi(from: Holder, name: string, to: Holder): void {
    this.flow.watch(from, (value) => {
      if (value.type !== 'api' || value.name !== '') return;
      this.flow.add(to, this.flow.api(value.module, name === '.default' ? '' : name.slice(1)));
    });
  }

  #import({ source, specifiers }: acorn.ImportDeclaration): void {
    const module = String(source.value);
    if (!isK6Module(module)) return;
    for (const specifier of specifiers) {
      const imported = specifier.type === 'ImportSpecifier' ? propertyName(specifier.imported, false) : 'default';
      const name = imported === undefined || imported === 'default' ? '' : imported;
      this.flow.add(this.holderOf(specifier.local), this.flow.api(module, name));
    }
  }
}

/** Pattern of a loop that takes each element. */
function declaredBy(left: acorn.ForOfStatement['left']): Node {
  return left.type === 'VariableDeclaration' ? (left.declarations[0]?.id ?? left) : left;
}

/** Holder of all properties of a name. */
function nameOf(key: Node, computed: boolean): string {
  const name = propertyName(key, computed);
  return name === undefined ? ELEMENTS : `.${name}`;
}
