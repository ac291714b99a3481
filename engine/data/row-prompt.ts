import { conversationIn, isHuman, shown } from './conversation-turns.js';
import { contentText, type Message } from './message-text.js';
import { messagesIn, pairsIn } from './recorded-messages.js';

/** Record of a data set, as in the file. */
export type Row = Readonly<Record<string, unknown>>;

/** Prompt of a record, with its answer as text or token count. */
export interface Prompt {
  readonly messages: readonly Message[];
  readonly answer: string | number | undefined;
}

/** User turns of a recorded conversation, with its system message. */
export interface Talk {
  readonly system: string | undefined;
  readonly turns: string[];
}

/** Supported forms of a record. */
export type RecordForm = keyof typeof FORMS;

/** Fields with the length of the answer, in tokens. ANSWERS are those with its text. */
const LENGTHS = ['output_tokens', 'max_completion_tokens', 'max_tokens'];
const ANSWERS = ['output', 'answer', 'completion', 'response'];

/** Names of a field with the system message. */
const SYSTEMS = ['system', 'system_prompt'];

/**
 * Reader of each form, in the order in which they are tried. It returns a prompt, or a message about an invalid field.
 */
const FORMS = {
  openai: { fields: ['messages', 'body'], read: readOpenAi },
  vllm: { fields: ['prompt'], read: readPrompt },
  alpaca: { fields: ['instruction'], read: readAlpaca },
  question: { fields: ['question'], read: (row: Row) => readText(row, 'question') },
  sharegpt: { fields: ['conversations', 'conversation'], read: readShareGpt },
} as const;

/**
 * Extracts the prompt of a record. The form is the given one, or the first that fits: `messages` (OpenAI, also in the
 * `body` of a line for its batches; a last message of the assistant is the answer), `prompt` (vLLM), `instruction` with
 * an optional `input` and `history` (Alpaca, joined by a line break), `question`, or `conversations` (ShareGPT: the first
 * turn of a human; the next is the answer). A system message comes first. The case of field names does not matter.
 * Returns an error message for an invalid record.
 */
export function promptOf(record: Row, form?: RecordForm): Prompt | string {
  const row = lowered(record);
  if (form) return FORMS[form].read(row);
  let problem: string | undefined;
  for (const { fields, read } of Object.values(FORMS)) {
    if (fields.every((field) => row[field] === undefined)) continue;
    const found = read(row);
    if (typeof found !== 'string') return found;
    problem ??= found;
  }
  return problem ?? `the record has no messages, prompt, instruction, question or conversations; ${fieldsOf(record)}`;
}

/**
 * Extracts the user's messages of a record and its system message. All turns of `conversations` (ShareGPT) and
 * `messages` (OpenAI), of other records their one prompt. Returns an error message for an invalid record.
 */
export function talkOf(record: Row): Talk | string {
  const row = lowered(record);
  const prompt = promptOf(row);
  const system = typeof prompt === 'string' ? undefined : systemIn(prompt.messages);
  const recorded = conversationIn(row);
  const said = recorded
    ? recorded.map((turn) => (isHuman(turn) ? turn.text : ''))
    : typeof prompt === 'string'
      ? []
      : prompt.messages.map(({ role, content }) => (role === 'user' ? contentText(content) : ''));
  const turns = said.filter(isText);
  if (turns.length > 0) return { system, turns };
  return typeof prompt === 'string' ? prompt : 'no message is from the user';
}

/** True for a valid conversation without a human turn. */
export function isSilent(record: Row): boolean {
  const row = lowered(record);
  const turns = conversationIn(row);
  if (!turns || turns.some((turn) => typeof turn === 'string' || isHuman(turn))) return false;
  return typeof promptOf(row) === 'string';
}

function readOpenAi(row: Row): Prompt | string {
  const body = isObject(row.body) ? row.body : row;
  const where = body === row ? 'messages' : 'body.messages';
  const { messages } = body;
  if (!Array.isArray(messages)) return missing(body, where, messages, 'a list of messages');
  const length = lengthOf(body) ?? lengthOf(row);
  if (typeof length === 'string') return length;
  const found = messagesIn(messages, where);
  if (typeof found === 'string') return found;
  const system = found.some(({ role }) => role === 'system') ? undefined : (systemOf(body) ?? systemOf(row));
  const all = withSystem(system, found);
  const last = all.at(-1);
  const answered = last?.role === 'assistant' && all.length > 1;
  const answer = length ?? (answered ? contentText(last.content) || undefined : undefined);
  // A copy, since a script that appends the answer must not change the data set.
  return { messages: answered ? all.slice(0, -1) : [...all], answer };
}

function readAlpaca(row: Row): Prompt | string {
  // Dolly calls it context.
  const name = row.input === undefined ? 'context' : 'input';
  const input = row[name];
  if (!isText(row.instruction)) return missing(row, 'instruction', row.instruction, 'a text');
  if (input !== undefined && input !== null && typeof input !== 'string') {
    return `"${name}": expected a text, got ${shown(input)}`;
  }
  const { history } = row;
  const past = history === undefined || history === null || history === '' ? [] : pairsIn(history);
  if (typeof past === 'string') return past;
  return asked(row, isText(input) ? `${row.instruction}\n${input}` : row.instruction, past);
}

/** Prompt of a text or of a list of messages. */
function readPrompt(row: Row): Prompt | string {
  const { prompt } = row;
  if (!Array.isArray(prompt)) return readText(row, 'prompt');
  const messages = messagesIn(prompt, 'prompt');
  return typeof messages === 'string' ? messages : askedBy(row, messages);
}

function readText(row: Row, field: string): Prompt | string {
  const text = row[field];
  return isText(text) ? asked(row, text) : missing(row, field, text, 'a text');
}

function readShareGpt(row: Row): Prompt | string {
  const field = row.conversations === undefined && row.conversation !== undefined ? 'conversation' : 'conversations';
  const turns = conversationIn(row);
  if (!turns) return missing(row, field, row[field], 'a list of turns');
  const place = turns.findIndex(isHuman);
  const human = turns[place];
  if (typeof human !== 'object') {
    const wrong = turns.findIndex((turn) => typeof turn === 'string');
    if (wrong >= 0) return `"${field}[${wrong}]${turns[wrong]}`;
    return `"${field}": no turn is from a human ("from": "human" and a "value")`;
  }
  const told = turns.slice(0, place).find((turn) => typeof turn === 'object' && turn.speaker === 'system' && turn.text);
  const next = turns[place + 1];
  const answer = typeof next === 'object' && next.speaker === 'assistant' && isText(next.text) ? next.text : undefined;
  const system = typeof told === 'object' ? told.text : systemOf(row);
  return { messages: withSystem(system, [{ role: 'user', content: human.parts ?? human.text }]), answer };
}

/** Prompt of one user message, with the answer beside it. */
function asked(row: Row, content: string, past: readonly Message[] = []): Prompt | string {
  return askedBy(row, [...past, { role: 'user', content }]);
}

function askedBy(row: Row, messages: readonly Message[]): Prompt | string {
  const length = lengthOf(row);
  if (typeof length === 'string') return length;
  const text = ANSWERS.map((field) => row[field]).find(isText);
  const system = messages.some(({ role }) => role === 'system') ? undefined : systemOf(row);
  return { messages: withSystem(system, messages), answer: length ?? text };
}

/** System message in a field of its own. */
function systemOf(row: Row): string | undefined {
  const found = SYSTEMS.map((field) => row[field]).find((value) => isText(value) || Array.isArray(value));
  return (Array.isArray(found) ? contentText(found) : (found as string | undefined)) || undefined;
}

function systemIn(messages: readonly Message[]): string | undefined {
  const found = messages.find(({ role }) => role === 'system' || role === 'developer');
  return found && (contentText(found.content) || undefined);
}

function withSystem(system: string | undefined, messages: readonly Message[]): readonly Message[] {
  return system === undefined ? messages : [{ role: 'system', content: system }, ...messages];
}

/** Record with trimmed field names in lower case. */
function lowered(row: Row): Row {
  const names = Object.keys(row);
  const plain = (name: string) => name.trim().toLowerCase().replaceAll(' ', '_');
  if (names.every((name) => name === plain(name))) return row;
  return { ...Object.fromEntries(names.map((name) => [plain(name), row[name]])), ...row };
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

function isObject(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
