/** JSON Schema, as far as the schema of records uses it. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly anyOf?: readonly JsonSchema[];
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema | readonly JsonSchema[];
  readonly definitions?: Readonly<Record<string, JsonSchema>>;
}

/** Problems told at most. */
const MOST = 8;

/** Problem of a value. Its path grows from its end, so that a sound value costs no text. */
interface Problem {
  readonly path: readonly string[];
  readonly message: string;
}

/**
 * Checks required fields and types of a document against a schema. Returns problems as `path: message`. Further
 * properties are let through, as a later version may write them.
 */
export function problemsIn(schema: JsonSchema, document: unknown): readonly string[] {
  const problems: Problem[] = [];
  collect(schema, schema, document, problems);
  return problems.map(({ path, message }) => `${path.join('.') || 'the record'}: ${message}`);
}

function collect(root: JsonSchema, given: JsonSchema, value: unknown, problems: Problem[]): void {
  if (problems.length >= MOST) return;
  const schema = given.$ref === undefined ? given : definitionIn(root, given.$ref);
  const expected = expectedOf(schema, value);
  if (schema.anyOf) collectNearest(root, schema.anyOf, value, problems);
  else if (expected !== undefined) problems.push({ path: [], message: `expected ${expected}, got ${shown(value)}` });
  else if (Array.isArray(value)) collectItems(root, schema, value, problems);
  else if (typeof value === 'object' && value !== null) {
    collectFields(root, schema, value as Readonly<Record<string, unknown>>, problems);
  }
}

/** Problems of the option that comes nearest, which tell what is wrong. None if one fits. */
function collectNearest(root: JsonSchema, options: readonly JsonSchema[], value: unknown, problems: Problem[]): void {
  const tries: Problem[][] = [];
  for (const option of options) {
    const found: Problem[] = [];
    collect(root, option, value, found);
    if (found.length === 0) return;
    tries.push(found);
  }
  const [best = []] = tries.toSorted((a, b) => depth(b) - depth(a) || a.length - b.length);
  problems.push(...best);
}

/** Values that would fit, where this one does not. Fields and items are left out. */
function expectedOf(schema: JsonSchema, value: unknown): string | undefined {
  const { type } = schema;
  if (schema.const !== undefined && value !== schema.const) return JSON.stringify(schema.const);
  if (schema.enum && !schema.enum.includes(value)) return schema.enum.map((each) => JSON.stringify(each)).join(' or ');
  if (type === undefined || (typeof type === 'string' ? isOf(type, value) : type.some((each) => isOf(each, value))))
    return undefined;
  return [type].flat().join(' or ');
}

function collectItems(root: JsonSchema, schema: JsonSchema, items: readonly unknown[], problems: Problem[]): void {
  const { items: forms } = schema;
  for (let index = 0; index < items.length; index += 1) {
    const form = Array.isArray(forms) ? (forms as readonly JsonSchema[])[index] : (forms as JsonSchema);
    if (form) collectAt(index, root, form, items[index], problems);
  }
}

function collectFields(
  root: JsonSchema,
  { required = [], properties, additionalProperties }: JsonSchema,
  value: Readonly<Record<string, unknown>>,
  problems: Problem[],
): void {
  for (const name of required) {
    if (!(name in value) && problems.length < MOST) problems.push({ path: [name], message: 'it is missing' });
  }
  const others = typeof additionalProperties === 'object' ? additionalProperties : undefined;
  for (const name of Object.keys(value)) {
    const form = properties?.[name] ?? others;
    if (form) collectAt(name, root, form, value[name], problems);
  }
}

function collectAt(at: string | number, root: JsonSchema, form: JsonSchema, value: unknown, problems: Problem[]): void {
  const before = problems.length;
  collect(root, form, value, problems);
  for (let index = before; index < problems.length; index += 1) {
    const { path, message } = problems[index] as Problem;
    problems[index] = { path: [String(at), ...path], message };
  }
}

function definitionIn(root: JsonSchema, reference: string): JsonSchema {
  return root.definitions?.[reference.slice('#/definitions/'.length)] ?? {};
}

function isOf(type: string, value: unknown): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === type;
}

/** Depth of the deepest of some problems. */
function depth(problems: readonly Problem[]): number {
  return Math.max(0, ...problems.map(({ path }) => path.length));
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
