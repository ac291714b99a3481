import type * as acorn from 'acorn';
import type * as eslintScope from 'eslint-scope';
import { lazily } from '../../lazy-require.js';

const parser = lazily<typeof acorn>('acorn');
const scopes = lazily<typeof eslintScope>('eslint-scope');

export type Node = acorn.AnyNode;
export type FunctionNode = acorn.FunctionDeclaration | acorn.FunctionExpression | acorn.ArrowFunctionExpression;
export type ClassNode = acorn.ClassDeclaration | acorn.ClassExpression;
export type CallNode = acorn.CallExpression | acorn.NewExpression;
type Variable = eslintScope.Variable;

/** Syntax tree of a module, with its variables. */
export interface Syntax {
  readonly text: string;
  readonly program: acorn.Program;
  /** All nodes, parents before their children. */
  readonly nodes: readonly Node[];
  readonly parents: ReadonlyMap<Node, Node>;
  /** Variable that an identifier declares or reads. Undefined for a global one. */
  readonly variableOf: (identifier: Node) => Variable | undefined;
  /** Identifiers of global variables that the module reads. */
  readonly globals: readonly acorn.Identifier[];
}

/** Parses a module. Throws acorn's SyntaxError, which has the position as `pos`. */
export function parseModule(text: string): Syntax {
  const program = parser().parse(text, { ecmaVersion: 'latest', sourceType: 'module', ranges: true });
  const parents = new Map<Node, Node>();
  const nodes: Node[] = [];
  const visit = (node: Node) => {
    if (isHelper(node)) return;
    nodes.push(node);
    for (const child of childrenOf(node)) {
      parents.set(child, node);
      visit(child);
    }
  };
  visit(program);
  // The two libraries describe the same ESTree with types of their own.
  const tree = program as unknown as Parameters<typeof eslintScope.analyze>[0];
  const manager = scopes().analyze(tree, { ecmaVersion: 2022, sourceType: 'module' });
  const variables = new Map<unknown, Variable>();
  for (const scope of manager.scopes) {
    for (const variable of scope.variables) for (const name of variable.identifiers) variables.set(name, variable);
    for (const { identifier, resolved } of scope.references) if (resolved) variables.set(identifier, resolved);
  }
  const through = manager.globalScope?.through.map(({ identifier }) => identifier as unknown as acorn.Identifier) ?? [];
  return { text, program, nodes, parents, variableOf: (identifier) => variables.get(identifier), globals: through };
}

/** True for a function that the compiler adds, such as `__commonJS`. */
function isHelper(node: Node): boolean {
  return node.type === 'VariableDeclarator' && node.id.type === 'Identifier' && /^__[a-z]\w*$/.test(node.id.name);
}

/** True for the function that the compiler makes of a CommonJS module. */
function isModule(node: FunctionNode, parents: ReadonlyMap<Node, Node>): boolean {
  const property = parents.get(node);
  const object = property?.type === 'Property' ? parents.get(property) : undefined;
  const call = object?.type === 'ObjectExpression' ? parents.get(object) : undefined;
  return call?.type === 'CallExpression' && call.callee.type === 'Identifier' && call.callee.name === '__commonJS';
}

function childrenOf(node: Node): Node[] {
  const found: Node[] = [];
  for (const value of Object.values(node) as unknown[]) {
    if (Array.isArray(value)) found.push(...value.filter(isNode));
    else if (isNode(value)) found.push(value);
  }
  return found;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}

export function isFunction(node: Node | undefined): node is FunctionNode {
  return (
    node?.type === 'FunctionDeclaration' ||
    node?.type === 'FunctionExpression' ||
    node?.type === 'ArrowFunctionExpression'
  );
}

export function isClass(node: Node | undefined): node is ClassNode {
  return node?.type === 'ClassDeclaration' || node?.type === 'ClassExpression';
}

/** Place of an expression that cannot hold an await, in words. Undefined where it can. */
export type Obstacle = 'the default value of a parameter' | 'a field of a class' | 'a static block of a class';

/** Function whose body holds a node, and what stands between them. */
export function enclosing(
  { parents }: Syntax,
  node: Node,
): { readonly owner: FunctionNode | undefined; readonly obstacle: Obstacle | undefined } {
  let below = node;
  for (let above = parents.get(node); above; above = parents.get(above)) {
    if (isFunction(above)) {
      if (isModule(above, parents)) return { owner: undefined, obstacle: undefined };
      const isParameter = above.params.some((each) => each === below);
      return { owner: above, obstacle: isParameter ? 'the default value of a parameter' : undefined };
    }
    if (above.type === 'PropertyDefinition' && above.value === below) {
      return { owner: undefined, obstacle: 'a field of a class' };
    }
    if (above.type === 'StaticBlock') return { owner: undefined, obstacle: 'a static block of a class' };
    below = above;
  }
  return { owner: undefined, obstacle: undefined };
}

/** Name of a property that is known from the text. Undefined for a computed one. */
export function propertyName(key: Node, computed: boolean): string | undefined {
  if (key.type === 'Literal') return String(key.value);
  if (key.type === 'PrivateIdentifier') return `#${key.name}`;
  return key.type === 'Identifier' && !computed ? key.name : undefined;
}
