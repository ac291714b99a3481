import type * as acorn from 'acorn';
import type { default as MagicString } from 'magic-string';
import { isK6Module, k6Name } from './modules.js';
import { type Node, propertyName, type Syntax } from './syntax.js';

/** Exports of k6's modules that 'tokenswarm' exports under the same names. */
const SAME: Readonly<Record<string, readonly string[]>> = {
  k6: ['check', 'fail', 'group', 'randomSeed', 'sleep'],
  'k6/metrics': ['Counter', 'Gauge', 'Rate', 'Trend'],
  'k6/data': ['SharedArray'],
  'jslib/k6-summary': ['textSummary'],
};

/** Modules whose default export is one name of 'tokenswarm'. */
const WHOLE: Readonly<Record<string, string>> = { 'k6/http': 'http', 'k6/execution': 'exec' };

/** Modules whose exports are globals here. */
const GLOBAL: readonly string[] = ['k6/timers', 'k6/experimental/webcrypto', 'k6/experimental/streams'];

/** Advice on modules that 'tokenswarm' does not have. */
const ADVICE: Readonly<Record<string, string>> = {
  'k6/crypto': "use node:crypto: createHash('sha256').update(text).digest('hex')",
  'k6/encoding': "use Buffer: Buffer.from(text).toString('base64')",
  'k6/secrets': 'read secrets from __ENV',
  'k6/experimental/fs': 'use open(), or dataset() for prompts',
  'k6/experimental/csv': 'use dataset() for prompts, or csv-parse of npm',
  'k6/html': 'use cheerio of npm',
  'jslib/k6-utils': 'use random() of tokenswarm, and crypto.randomUUID()',
};

/** Replaces imports from k6 by one from 'tokenswarm'. */
export function writeImports(text: MagicString, { program }: Syntax, remark: (node: Node, said: string) => void): void {
  const names = new Set<string>();
  const lines: string[] = [];
  let first: acorn.ImportDeclaration | undefined;
  for (const node of program.body) {
    if (node.type !== 'ImportDeclaration') continue;
    const path = String(node.source.value);
    const module = k6Name(path);
    if (module === undefined || !isK6Module(module)) {
      if (path.startsWith('.')) remark(node, `migrate ${path} as well, and await its functions that send requests`);
      continue;
    }
    const read = GLOBAL.includes(module) ? [] : node.specifiers.map((each) => readSpecifier(module, each));
    if (read.some((each) => each === undefined)) {
      remark(node, `${module} is for scripts of k6: ${ADVICE[module] ?? 'it has no twin here'}`);
      continue;
    }
    for (const each of read) {
      if (each?.name) names.add(each.name);
      if (each?.line) lines.push(each.line);
    }
    if (first) removeLine(text, node);
    first ??= node;
  }
  const all = [...names].sort((a, b) => a.localeCompare(b));
  const types = [
    ...(exportsOptions(program) ? ['type Options'] : []),
    ...(handlesSummary(program) ? ['type SummaryData'] : []),
  ];
  const list = [...all, ...types].join(', ');
  const own = [...(list ? [`import { ${list} } from 'tokenswarm';`] : []), ...lines].join('\n');
  if (first && own) text.overwrite(first.start, first.end, own);
  else if (first) removeLine(text, first);
}

/** Twin of an import: a name of 'tokenswarm', and a further line. Undefined without one. */
function readSpecifier(
  module: string,
  specifier: acorn.ImportDeclaration['specifiers'][number],
): { readonly name?: string; readonly line?: string } | undefined {
  const { local } = specifier;
  const imported = specifier.type === 'ImportSpecifier' ? (propertyName(specifier.imported, false) ?? '') : 'default';
  const whole = WHOLE[module];
  if (whole !== undefined) {
    if (imported === 'default') return { name: as(whole, local.name) };
    const part = imported === local.name ? imported : `${imported}: ${local.name}`;
    return { name: whole, line: `const { ${part} } = ${whole};` };
  }
  return SAME[module]?.includes(imported) ? { name: as(imported, local.name) } : undefined;
}

function as(name: string, local: string): string {
  return name === local ? name : `${name} as ${local}`;
}

function removeLine(text: MagicString, node: Node): void {
  text.remove(node.start, text.original[node.end] === '\n' ? node.end + 1 : node.end);
}

/** True where a module exports `handleSummary` with its data. */
function handlesSummary({ body }: acorn.Program): boolean {
  return body.some((node) => {
    const declared = node.type === 'ExportNamedDeclaration' ? node.declaration : undefined;
    return (
      declared?.type === 'FunctionDeclaration' && declared.id.name === 'handleSummary' && declared.params.length > 0
    );
  });
}

/** True where a module exports an object called `options`. */
function exportsOptions({ body }: acorn.Program): boolean {
  return body.some(
    (node) =>
      node.type === 'ExportNamedDeclaration' &&
      node.declaration?.type === 'VariableDeclaration' &&
      node.declaration.declarations.some(({ id }) => id.type === 'Identifier' && id.name === 'options'),
  );
}
