import type * as remap from '@jridgewell/remapping';
import type * as tracing from '@jridgewell/trace-mapping';
import type { default as MagicString } from 'magic-string';
import { scriptError } from '../../errors.js';
import { lazily } from '../../lazy-require.js';
import { findAwaits, type Refusal } from './awaits.js';
import { isK6Module, K6_MODULES } from './modules.js';
import { ProgramFlow } from './program-flow.js';
import { writeAwaits, writeCommonJs, writeTimers, writeTopAwaits } from './rewrite.js';
import { enclosing, type Node, parseModule, type Syntax } from './syntax.js';

const magic = lazily<{ readonly default: typeof MagicString }>('magic-string');
const remapping = lazily<typeof remap.default>('@jridgewell/remapping');
const trace = lazily<typeof tracing>('@jridgewell/trace-mapping');

/** Code with its source map, as JSON. */
export interface MappedCode {
  readonly code: string;
  readonly map: string;
}

/**
 * Makes a bundle of a k6 script one of ours. Blocking calls are awaited, up to the functions that it exports. The map
 * leads to the user's own files. Throws a UserError where something cannot be awaited; `fileOf` turns a source of the
 * map into its path.
 */
export function awaitK6({ code, map }: MappedCode, fileOf: (source: string) => string): MappedCode {
  const syntax = parseModule(code);
  const awaits = findAwaits(syntax, new ProgramFlow(syntax));
  const refusals = [...unknownNames(syntax), ...awaits.refusals];
  if (refusals.length > 0) throw refusalError(refusals, syntax, map, fileOf);
  const { default: Text } = magic();
  const text = new Text(code);
  writeAwaits(text, syntax, awaits);
  writeTopAwaits(text, syntax, (node) => {
    const { owner, obstacle } = enclosing(syntax, node);
    return !owner && !obstacle;
  });
  writeTimers(text, syntax);
  writeCommonJs(text, syntax);
  const own = text.generateMap({ hires: 'boundary', source: 'bundle.js' });
  const whole = remapping()([own.toString(), map], () => null);
  return { code: text.toString(), map: whole.toString() };
}

/** Imports from modules of k6 that these do not export. */
function unknownNames({ program }: Syntax): Refusal[] {
  return program.body.flatMap((node) => {
    if (node.type !== 'ImportDeclaration') return [];
    const module = String(node.source.value);
    const known = K6_MODULES[module]?.exports;
    if (!isK6Module(module) || !known) return [];
    return node.specifiers.flatMap((specifier) => {
      if (specifier.type !== 'ImportSpecifier' || specifier.imported.type !== 'Identifier') return [];
      const { name } = specifier.imported;
      if (name === 'default' || known.includes(name)) return [];
      return [{ node: specifier, message: `${module} has no ${name} here`, hint: `it has ${known.join(', ')}` }];
    });
  });
}

/** UserError with all refusals and their places in the user's files. */
function refusalError(
  refusals: readonly Refusal[],
  { text }: Syntax,
  map: string,
  fileOf: (source: string) => string,
): Error {
  const { TraceMap, originalPositionFor } = trace();
  const traced = new TraceMap(map);
  const placeOf = ({ start }: Node) => {
    const before = text.slice(0, start);
    const line = before.split('\n').length;
    const found = originalPositionFor(traced, { line, column: start - before.lastIndexOf('\n') - 1 });
    return found.source === null ? undefined : `${fileOf(found.source)}:${found.line}:${found.column + 1}`;
  };
  const [first, ...others] = refusals.map(({ node, message, hint }) => ({ where: placeOf(node), message, hint }));
  const more = others.map(({ where, message, hint }) => `\n${where ?? ''} ${message}: ${hint}`).join('');
  return scriptError(first?.where, `${first?.message ?? ''}${more}`, first?.hint);
}
