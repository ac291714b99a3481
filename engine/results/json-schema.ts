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

/**
 * Checks required fields and types of a document against a schema. Returns problems as `path: message`. Further
 * properties are let through, as a later version may write them.
 */
export function problemsIn(schema: JsonSchema, document: unknown): readonly string[] {
  const problems: string[] = [];
  collect(schema, schema, document, '', problems);
  return problems;
}

function collect(root: JsonSchema, given: JsonSchema, value: unknown, path: string, problems: string[]): void {
  if (problems.length >= MOST) return;
  const schema = given.$ref === undefined ? given : definitionIn(root, given.$ref);
  const say = (expected: string) => problems.push(`${path || 'the record'}: expected ${expected}, got ${shown(value)}`);
  if (schema.anyOf) {
    const tries: string[][] = [];
    for (const option of schema.anyOf) {
      const found: string[] = [];
      collect(root, option, value, path, found);
      if (found.length === 0) return;
      tries.push(found);
    }
    // The option that comes nearest tells what is wrong.
    const [best = []] = tries.toSorted((a, b) => depth(b) - depth(a) || a.length - b.length);
    problems.push(...best);
    return;
  }
  if (schema.const !== undefined && value !== schema.const) return void say(JSON.stringify(schema.const));
  if (schema.enum && !schema.enum.includes(value))
    return void say(schema.enum.map((each) => JSON.stringify(each)).join(' or '));
  const types = schema.type === undefined ? [] : [schema.type].flat();
  if (types.length > 0 && !types.some((type) => isOf(type, value))) return void say(types.join(' or '));
  if (Array.isArray(value)) collectItems(root, schema, value, path, problems);
  else if (typeof value === 'object' && value !== null) collectFields(root, schema, value, path, problems);
}

function collectItems(
  root: JsonSchema,
  schema: JsonSchema,
  items: readonly unknown[],
  path: string,
  problems: string[],
): void {
  for (const [index, item] of items.entries()) {
    const form = Array.isArray(schema.items)
      ? (schema.items as readonly JsonSchema[])[index]
      : (schema.items as JsonSchema);
    if (form) collect(root, form, item, `${path}.${index}`, problems);
  }
}

function collectFields(root: JsonSchema, schema: JsonSchema, value: object, path: string, problems: string[]): void {
  const at = (name: string) => (path === '' ? name : `${path}.${name}`);
  for (const name of schema.required ?? []) {
    if (!(name in value) && problems.length < MOST) problems.push(`${at(name)}: it is missing`);
  }
  for (const [name, field] of Object.entries(value)) {
    const others = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
    const form = schema.properties?.[name] ?? others;
    if (form) collect(root, form, field, at(name), problems);
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

/** Depth of the deepest path among some problems. */
function depth(problems: readonly string[]): number {
  return Math.max(0, ...problems.map((problem) => problem.split(':', 1)[0]?.split('.').length ?? 0));
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
