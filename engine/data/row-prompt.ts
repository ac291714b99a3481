import { didYouMean } from '../errors.js';
import { contentText, type Message } from './message-text.js';

/** Record of a data set, as in the file. */
export type Row = Readonly<Record<string, unknown>>;

/** Prompt of a record, with its answer as text or token count. */
export interface Prompt {
  readonly messages: readonly Message[];
  readonly answer: string | number | undefined;
}

/** Supported forms of a record. */
export type RecordForm = keyof typeof FORMS;

/** Fields with the length of the answer, in tokens. ANSWERS are those with its text. */
const LENGTHS = ['output_tokens', 'max_completion_tokens', 'max_tokens'];
const ANSWERS = ['output', 'answer', 'completion', 'response'];

/**
 * Reader of each form, in the order in which they are tried. It returns a prompt, or a message about an invalid field.
 */
const FORMS = {
  openai: { field: 'messages', read: readOpenAi },
  vllm: { field: 'prompt', read: (row: Row) => readText(row, 'prompt') },
  alpaca: { field: 'instruction', read: readAlpaca },
  question: { field: 'question', read: (row: Row) => readText(row, 'question') },
  sharegpt: { field: 'conversations', read: readShareGpt },
} as const;

/**
 * Extracts the prompt of a record. The form is the given one, or the first that fits: `messages` (OpenAI, also in the
 * `body` of a line for its batches; a last message of the assistant is the answer), `prompt` (vLLM), `instruction` with
 * an optional `input` (Alpaca, joined by a line break), `question`, or `conversations` (ShareGPT: the first turn of a
 * human; the next is the answer). Returns an error message for an invalid record.
 */
export function promptOf(row: Row, form?: RecordForm): Prompt | string {
  if (form) return FORMS[form].read(row);
  let problem: string | undefined;
  for (const { field, read } of Object.values(FORMS)) {
    if (row[field] === undefined && !(field === 'messages' && row.body !== undefined)) continue;
    const found = read(row);
    if (typeof found !== 'string') return found;
    problem ??= found;
  }
  return problem ?? `the record has no messages, prompt, instruction, question or conversations; ${fieldsOf(row)}`;
}

/**
 * Extracts the user's messages of a record. All turns of `conversations` (ShareGPT) and `messages` (OpenAI), of other
 * records their one prompt. Returns an error message for an invalid record.
 */
export function turnsOf(row: Row): string[] | string {
  const prompt = promptOf(row);
  const { conversations } = row;
  const said = Array.isArray(conversations)
    ? conversations.map((turn: unknown) => (isHuman(turn) ? (turn as Row).value : undefined))
    : typeof prompt === 'string'
      ? []
      : prompt.messages.map(({ role, content }) => (role === 'user' ? contentText(content) : undefined));
  const turns = said.filter(isText);
  if (turns.length > 0) return turns;
  return typeof prompt === 'string' ? prompt : 'in no message the user says anything';
}

/** True for a conversation without a human turn, as ShareGPT has some. */
export function isSilent(row: Row): boolean {
  const { conversations } = row;
  return Array.isArray(conversations) && !humanTurn(conversations) && typeof promptOf(row) === 'string';
}

function readOpenAi(row: Row): Prompt | string {
  const body = isObject(row.body) ? row.body : row;
  const where = body === row ? 'messages' : 'body.messages';
  const { messages } = body;
  if (!Array.isArray(messages)) return missing(body, where, messages, 'a list of messages');
  if (messages.length === 0) return `"${where}" is empty`;
  for (const [index, message] of messages.entries()) {
    const problem = problemOf(message);
    if (problem) return `"${where}[${index}]${problem}`;
  }
  const all = messages as readonly Message[];
  const last = all.at(-1);
  const answered = last?.role === 'assistant' && all.length > 1;
  const length = lengthOf(body) ?? lengthOf(row);
  if (typeof length === 'string') return length;
  const answer = length ?? (answered ? contentText(last.content) || undefined : undefined);
  // A copy, for a script that appends the answer must not change the data set.
  return { messages: answered ? all.slice(0, -1) : [...all], answer };
}

const ROLES = ['system', 'user', 'assistant', 'tool', 'developer'];

/** Error message about a message, after its place. */
function problemOf(message: unknown): string | undefined {
  if (!isObject(message)) return `": expected {role, content}, got ${shown(message)}`;
  const { role, content } = message;
  if (typeof role !== 'string' || !ROLES.includes(role)) {
    return `.role": expected ${ROLES.join(', ')}, got ${shown(role)}${didYouMean(role, ROLES)}`;
  }
  if (typeof content === 'string' || Array.isArray(content)) return undefined;
  // An assistant message with tool calls has no content.
  return content === null && role === 'assistant' ? undefined : `.content": expected a text, got ${shown(content)}`;
}

function readAlpaca(row: Row): Prompt | string {
  const { input } = row;
  if (!isText(row.instruction)) return missing(row, 'instruction', row.instruction, 'a text');
  if (input !== undefined && input !== null && typeof input !== 'string') {
    return `"input": expected a text, got ${shown(input)}`;
  }
  return asked(row, isText(input) ? `${row.instruction}\n${input}` : row.instruction);
}

function readText(row: Row, field: string): Prompt | string {
  const text = row[field];
  return isText(text) ? asked(row, text) : missing(row, field, text, 'a text');
}

function readShareGpt(row: Row): Prompt | string {
  const { conversations } = row;
  if (!Array.isArray(conversations)) return missing(row, 'conversations', conversations, 'a list of turns');
  const turns: readonly unknown[] = conversations;
  const human = humanTurn(turns);
  if (!human) return '"conversations": in no turn a human says anything ("from": "human" and a "value")';
  const next = turns[turns.indexOf(human) + 1];
  const answer = isObject(next) && !isHuman(next) && isText(next.value) ? next.value : undefined;
  return { messages: [{ role: 'user', content: human.value }], answer };
}

function humanTurn(turns: readonly unknown[]): { readonly value: string } | undefined {
  const first = turns.find(isHuman);
  return isObject(first) && isText(first.value) ? (first as { readonly value: string }) : undefined;
}

function isHuman(turn: unknown): boolean {
  return isObject(turn) && (turn.from === 'human' || turn.from === 'user');
}

/** Prompt of one user message, with the answer beside it. */
function asked(row: Row, content: string): Prompt | string {
  const length = lengthOf(row);
  if (typeof length === 'string') return length;
  const text = ANSWERS.map((field) => row[field]).find(isText);
  return { messages: [{ role: 'user', content }], answer: length ?? text };
}

/** Length of the answer in a record, or an error message. Tables have it as a string. */
function lengthOf(row: Row): number | string | undefined {
  const field = LENGTHS.find((name) => row[name] !== undefined && row[name] !== null && row[name] !== '');
  if (field === undefined) return undefined;
  const length = Number(row[field]);
  if (Number.isInteger(length) && length > 0) return length;
  return `"${field}": expected a whole number from 1, got ${shown(row[field])}`;
}

function missing(row: Row, field: string, found: unknown, expected: string): string {
  if (found === undefined) return `"${field}" is missing; ${fieldsOf(row)}`;
  return found === '' ? `"${field}" is empty` : `"${field}": expected ${expected}, got ${shown(found)}`;
}

function fieldsOf(row: Row): string {
  const fields = Object.keys(row);
  if (fields.length === 0) return 'it has no field';
  return `it has ${fields.slice(0, 8).join(', ')}${fields.length > 8 ? ', …' : ''}`;
}

/** Value in an error message, cut to length. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

function isObject(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
