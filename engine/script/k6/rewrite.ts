import type * as acorn from 'acorn';
import type MagicString from 'magic-string';
import type { Awaits } from './awaits.js';
import type { CallNode, FunctionNode, Node, Syntax } from './syntax.js';

/** Functions of the VU that await what k6 blocks on. */
const TOOLS = '__tokenswarm.k6';

/** Puts `await` before calls and `async` before functions. */
export function writeAwaits(text: MagicString, syntax: Syntax, { calls, functions }: Awaits): void {
  // Of calls that begin at one place the outer one comes first.
  const inOrder = [...calls].sort(([a], [b]) => a.start - b.start || b.end - a.end);
  for (const [call, form] of inOrder) {
    if (call.type === 'NewExpression') continue;
    if (form === 'in turn') callInTurn(text, call);
    if (form === 'from') replaceCallee(text, call, `${TOOLS}.from`);
    if (form === 'check') replaceCallee(text, call, `${TOOLS}.check`);
    writeAwait(text, syntax, call);
  }
  for (const each of functions) text.appendLeft(startOf(each, syntax), 'async ');
}

function writeAwait(text: MagicString, { parents }: Syntax, call: CallNode): void {
  let outer: Node = call;
  let above = parents.get(outer);
  // A chain such as a?.b() is awaited as a whole.
  if (above?.type === 'ChainExpression') {
    outer = above;
    above = parents.get(outer);
  }
  if (above?.type === 'AwaitExpression') return;
  const isInside =
    (above?.type === 'MemberExpression' && above.object === outer) ||
    ((above?.type === 'CallExpression' || above?.type === 'NewExpression') && above.callee === outer) ||
    above?.type === 'TaggedTemplateExpression' ||
    (above?.type === 'BinaryExpression' && above.operator === '**') ||
    (above?.type === 'ClassDeclaration' && above.superClass === outer);
  text.appendLeft(call.start, isInside ? '(await ' : 'await ');
  if (isInside) text.prependRight(call.end, ')');
}

/** `list.map(run)` → `__tokenswarm.k6.inTurn(list, "map", run)`. */
function callInTurn(text: MagicString, call: acorn.CallExpression): void {
  const { callee } = call;
  const [first] = call.arguments;
  if (callee.type !== 'MemberExpression' || !first) return;
  const { property } = callee;
  const name = JSON.stringify(property.type === 'Identifier' ? property.name : '');
  const dot = Math.max(text.original.lastIndexOf('.', property.start - 1), callee.object.end);
  const before = text.original[dot - 1] === '?' ? dot - 1 : dot;
  text.prependRight(call.start, `${TOOLS}.inTurn(`);
  text.overwrite(before, first.start, `, ${name}, `);
}

function replaceCallee(text: MagicString, { callee }: acorn.CallExpression, by: string): void {
  text.overwrite(callee.start, callee.end, by);
}

/** Position of `async` for a function. In a method it is before the name, after `static`. */
function startOf(of: FunctionNode, { parents, text }: Syntax): number {
  const holder = parents.get(of);
  const isMethod =
    holder?.type === 'MethodDefinition' || (holder?.type === 'Property' && holder.method && holder.value === of);
  if (!isMethod) return of.start;
  if (holder.computed) return text.lastIndexOf('[', holder.key.start);
  return holder.key.start;
}

/** Replaces `await` at the top of a module. Only files of k6/experimental are awaited there. */
export function writeTopAwaits(text: MagicString, { nodes }: Syntax, isAtTop: (node: Node) => boolean): void {
  for (const node of nodes) {
    if (node.type !== 'AwaitExpression' || !isAtTop(node)) continue;
    text.overwrite(node.start, node.argument.start, `${TOOLS}.settled(`);
    text.appendRight(node.end, ')');
  }
}

/** Timers of k6, which are global there. An iteration waits for them. */
const TIMERS: readonly string[] = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'];

/** Binds global timers to the VU. */
export function writeTimers(text: MagicString, { globals, parents }: Syntax): void {
  for (const identifier of globals.filter(({ name }) => TIMERS.includes(name))) {
    const above = parents.get(identifier);
    const isShort = above?.type === 'Property' && above.shorthand;
    const bound = `${TOOLS}.module("k6/timers").${identifier.name}`;
    text.overwrite(identifier.start, identifier.end, isShort ? `${identifier.name}: ${bound}` : bound);
  }
}

/** Exports what a CommonJS scenario exports, in place of `export default require_x()`. */
export function writeCommonJs(text: MagicString, { program }: Syntax): void {
  for (const node of program.body) {
    if (node.type !== 'ExportDefaultDeclaration' || node.declaration.type !== 'CallExpression') continue;
    const { callee } = node.declaration;
    if (callee.type !== 'Identifier' || !callee.name.startsWith('require_')) continue;
    text.overwrite(node.start, node.declaration.start, 'module.exports = ');
  }
}
