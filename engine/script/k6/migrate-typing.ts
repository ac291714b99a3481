import type { default as MagicString } from 'magic-string';
import {
  type ClassNode,
  type FunctionNode,
  isClass,
  isFunction,
  type Node,
  propertyName,
  type Syntax,
} from './syntax.js';

/** Adds types that cannot be inferred. Declares the fields of classes. */
export function writeTypes(text: MagicString, syntax: Syntax): void {
  const hasSetup = syntax.nodes.some((node) => nameOfExported(syntax, node) === 'setup');
  for (const node of syntax.nodes) {
    if (isFunction(node) && !isContextual(syntax, node)) typeParameters(text, syntax, node, hasSetup);
    if (isClass(node)) declareFields(text, syntax, node);
    if (node.type === 'VariableDeclarator') typeOptions(text, syntax, node);
    if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') continue;
    const { property, computed } = node.callee;
    // Of a response, whose JSON has no type of its own.
    const isJson = propertyName(property, computed) === 'json' && node.arguments.length < 2;
    if (isJson) text.appendRight(property.end, '<any>');
  }
}

/** True for a function whose place gives its parameters types. */
function isContextual({ parents }: Syntax, node: FunctionNode): boolean {
  if (node.type === 'FunctionDeclaration') return false;
  const above = parents.get(node);
  if (above?.type === 'CallExpression') return above.callee !== node;
  // Conditions of a check, and such objects.
  return above?.type === 'Property' && parents.get(parents.get(above) ?? above)?.type === 'CallExpression';
}

function typeParameters(text: MagicString, syntax: Syntax, node: FunctionNode, hasSetup: boolean): void {
  const name = nameOfExported(syntax, node);
  const takesData = hasSetup && name !== undefined && name !== 'setup' && name !== 'handleSummary';
  for (const [index, parameter] of node.params.entries()) {
    const type =
      index === 0 && takesData ? 'Awaited<ReturnType<typeof setup>>' : name === 'handleSummary' ? 'SummaryData' : 'any';
    if (parameter.type === 'Identifier') {
      const isBare = node.type === 'ArrowFunctionExpression' && text.original[node.start] !== '(' && !node.async;
      if (isBare && node.params.length === 1) {
        text.appendLeft(parameter.start, '(');
        text.appendRight(parameter.end, `: ${type})`);
      } else text.appendRight(parameter.end, `: ${type}`);
    }
    if (parameter.type === 'ObjectPattern' || parameter.type === 'ArrayPattern')
      text.appendRight(parameter.end, `: ${type}`);
    if (parameter.type === 'RestElement') text.appendRight(parameter.end, ': any[]');
  }
}

/** Name under which a module exports a function. Undefined where it does not. */
function nameOfExported({ parents }: Syntax, node: Node): string | undefined {
  if (!isFunction(node)) return undefined;
  const above = parents.get(node);
  if (above?.type === 'ExportDefaultDeclaration') return 'default';
  if (above?.type === 'ExportNamedDeclaration' && node.type === 'FunctionDeclaration') return node.id?.name;
  const list = above?.type === 'VariableDeclarator' ? parents.get(above) : undefined;
  const isExported = list !== undefined && parents.get(list)?.type === 'ExportNamedDeclaration';
  return isExported && above?.type === 'VariableDeclarator' && above.id.type === 'Identifier'
    ? above.id.name
    : undefined;
}

/** Declares the fields that a class sets in its methods. */
function declareFields(text: MagicString, syntax: Syntax, node: ClassNode): void {
  const declared = new Set(
    node.body.body.flatMap((member) => ('key' in member ? (propertyName(member.key, member.computed) ?? []) : [])),
  );
  const set = new Set<string>();
  for (const each of syntax.nodes) {
    if (each.start < node.start || each.end > node.end || each.type !== 'AssignmentExpression') continue;
    const { left } = each;
    if (left.type !== 'MemberExpression' || left.object.type !== 'ThisExpression') continue;
    const name = propertyName(left.property, left.computed);
    if (name !== undefined && !declared.has(name)) set.add(name);
  }
  const [first] = node.body.body;
  if (!first || set.size === 0) return;
  const indent = text.original.slice(text.original.lastIndexOf('\n', first.start) + 1, first.start);
  const pad = /^\s*$/.test(indent) ? indent : '  ';
  text.appendLeft(first.start, [...set].map((name) => `${name}: any;\n${pad}`).join(''));
}

/** `export let options = { … }` → `export const options = { … } satisfies Options`. */
function typeOptions(
  text: MagicString,
  { parents }: Syntax,
  node: Extract<Node, { type: 'VariableDeclarator' }>,
): void {
  const list = parents.get(node);
  if (node.id.type !== 'Identifier' || node.id.name !== 'options' || node.init?.type !== 'ObjectExpression') return;
  if (list?.type !== 'VariableDeclaration' || parents.get(list)?.type !== 'ExportNamedDeclaration') return;
  if (list.kind !== 'const') text.overwrite(list.start, list.start + list.kind.length, 'const');
  text.appendRight(node.init.end, ' satisfies Options');
}
