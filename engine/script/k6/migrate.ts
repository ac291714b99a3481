import type { default as MagicString } from 'magic-string';
import { scriptError } from '../../errors.js';
import { lazily } from '../../lazy-require.js';
import { type Awaits, findAwaits } from './awaits.js';
import { writeImports } from './migrate-imports.js';
import { writeTypes } from './migrate-typing.js';
import { ProgramFlow } from './program-flow.js';
import { writeAwaits } from './rewrite.js';
import { type CallNode, enclosing, type FunctionNode, type Node, parseModule, type Syntax } from './syntax.js';

const magic = lazily<{ readonly default: typeof MagicString }>('magic-string');

/** Remark on a place that a person has to look at. */
interface Remark {
  /** Line of the old file, from 1. */
  readonly line: number;
  readonly text: string;
}

/** Scenario in TypeScript, with remarks by line. */
export interface Migrated {
  readonly code: string;
  readonly remarks: readonly Remark[];
}

/**
 * Writes a k6 script in JavaScript as a scenario in TypeScript. Formatting and comments stay. Throws a UserError for a
 * file that cannot be parsed.
 */
export function migrateK6(file: string, source: string): Migrated {
  const syntax = parse(file, source);
  const { default: Text } = magic();
  const text = new Text(source);
  const remarks: Remark[] = [];
  const remark = (node: Node, said: string) => {
    const line = source.slice(0, node.start).split('\n').length;
    if (!remarks.some((each) => each.line === line && each.text === said)) remarks.push({ line, text: said });
  };
  const awaits = findAwaits(syntax, new ProgramFlow(syntax));
  for (const { node, message, hint } of awaits.refusals) remark(node, `${message}: ${hint}`);
  writeAwaits(text, syntax, plainOnly(text, syntax, awaits, remark));
  writeImports(text, syntax, remark);
  writeTypes(text, syntax);
  remarks.sort((a, b) => a.line - b.line);
  for (const { line, text: said } of remarks) text.appendLeft(startOfLine(source, line), comment(source, line, said));
  return { code: text.toString(), remarks };
}

function parse(file: string, source: string): Syntax {
  try {
    return parseModule(source);
  } catch (error) {
    const { message, loc } = error as { readonly message: string; readonly loc?: { readonly line: number } };
    const hint = 'migrate takes JavaScript; a script of k6 in TypeScript runs as it is';
    throw scriptError(loc ? `${file}:${loc.line}` : file, `this cannot be read: ${message}`, hint);
  }
}

/** Awaits without those for callbacks. Loops become for…of where they can, others get a remark. */
function plainOnly(
  text: MagicString,
  syntax: Syntax,
  { calls, functions, refusals }: Awaits,
  remark: (node: Node, said: string) => void,
): Awaits {
  const plain = new Map([...calls].filter(([, form]) => form === 'plain'));
  const left = new Set(functions);
  for (const [call, form] of calls) {
    if (form === 'plain') continue;
    const beginsWithWait = [...plain.keys()].some(({ start }) => start === call.start);
    const loop = form === 'in turn' && !beginsWithWait ? loopOf(syntax, call) : undefined;
    if (loop) {
      writeLoop(text, loop);
      left.delete(loop.run);
      continue;
    }
    const how =
      form === 'check'
        ? 'send the request before check()'
        : 'write a loop, or await Promise.all(…) to send all at once';
    remark(call, `its function waits for responses, which this call does not await: ${how}`);
  }
  return { calls: plain, functions: left, refusals };
}

/** `list.forEach((each) => { … });` as a statement, without a return. */
interface Loop {
  readonly call: CallNode;
  readonly list: Node;
  readonly parameter: Node;
  readonly run: FunctionNode;
}

function loopOf(syntax: Syntax, call: CallNode): Loop | undefined {
  const [run] = call.arguments;
  const { callee } = call;
  const isStatement = syntax.parents.get(call)?.type === 'ExpressionStatement';
  if (!isStatement || callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return undefined;
  if (callee.property.name !== 'forEach' || callee.object.type === 'Super' || call.arguments.length !== 1)
    return undefined;
  if (run?.type !== 'ArrowFunctionExpression' && run?.type !== 'FunctionExpression') return undefined;
  const [parameter] = run.params;
  const returns = syntax.nodes.some((node) => node.type === 'ReturnStatement' && enclosing(syntax, node).owner === run);
  if (!parameter || run.params.length > 1 || run.body.type !== 'BlockStatement' || returns) return undefined;
  return { call, list: callee.object, parameter, run };
}

function writeLoop(text: MagicString, { call, list, parameter, run }: Loop): void {
  text.appendLeft(call.start, 'for (const ');
  text.move(parameter.start, parameter.end, list.start);
  text.appendLeft(parameter.end, ' of ');
  text.remove(list.end, parameter.start);
  text.overwrite(parameter.end, run.body.start, ') ');
  // The semicolon of the statement goes with the call's parenthesis.
  const end = text.original[call.end] === ';' ? call.end + 1 : call.end;
  text.remove(run.body.end, end);
}

function startOfLine(source: string, line: number): number {
  let at = 0;
  for (let passed = 1; passed < line; passed += 1) at = source.indexOf('\n', at) + 1;
  return at;
}

function comment(source: string, line: number, said: string): string {
  const [indent = ''] = /^[ \t]*/.exec(source.slice(startOfLine(source, line))) ?? [];
  return `${indent}// MIGRATE: ${said}\n`;
}
