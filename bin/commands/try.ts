import { Command } from 'commander';
import type { Exchange } from '../../engine/client/exchange.js';
import { figuresOf } from '../../engine/client/request-figures.js';
import { ExitCode } from '../../engine/errors.js';
import { type TriedRequest, type TryResult, tryOnce } from '../../engine/run/try.js';
import { paint, safeText, wantsColor } from '../../reporters/core.js';
import type { Invocation } from '../invocation.js';
import { type Io, printLine } from '../io.js';
import { addFlags, type Given, readFlags } from '../run-flags.js';
import { startSimulator } from '../simulator-process.js';
import { type Paint, type Print, printHttpRequest } from './try-http.js';

/** `tokenswarm try`: one iteration of one user, shown in full. */
export function tryCommand({ io, action }: Invocation): Command {
  const command = new Command('try')
    .description('run one iteration and print each request, its answer and its timings')
    .argument('<file>', 'scenario, .ts or .js');
  return addFlags(command).action(action((file: string) => tryFile(io, file, readFlags(command, io.env))));
}

async function tryFile(io: Io, file: string, { settings, simulate }: Given): Promise<number> {
  const simulator = simulate ? await (io.simulator ?? startSimulator(io)) : undefined;
  try {
    const result = await tryOnce(file, { ...settings, ...simulator?.aim }, 'command line', io);
    for (const warning of result.warnings) printLine(io.stderr, safeText(warning));
    printResult(io, result);
    const failed =
      result.error ||
      result.outlived !== undefined ||
      result.requests.some(({ exchange }) => exchange.failure) ||
      result.httpRequests.some(({ error }) => error);
    return failed ? ExitCode.scriptException : ExitCode.ok;
  } finally {
    simulator?.stop();
  }
}

function printResult(
  { stdout, env }: Io,
  { requests, httpRequests, error, outlived, scenario, redact }: TryResult,
): void {
  const style = paint(wantsColor(stdout, env));
  const print = (line = '') => printLine(stdout, redact(line));
  for (const request of requests) printRequest(style, print, request);
  for (const exchange of httpRequests) printHttpRequest(style, print, exchange);
  if (requests.length + httpRequests.length === 0) print('The iteration made no request.');
  if (error) {
    print(`${style.red('✗ the iteration failed')} ${error.where ?? ''}`);
    for (const line of error.stack.split('\n')) print(`  ${safeText(line.trim())}`);
  }
  if (outlived !== undefined) print(`${style.red('✗')} ${outlived}`);
  else if (!error) print(`${style.green('✓')} one iteration of scenario ${scenario} completed`);
}

function printRequest(style: Paint, print: Print, { request, exchange }: TriedRequest): void {
  const { said, parameters } = describeRequest(request);
  print(`${style.bold('→')} ${exchange.name}, model ${exchange.model} ${style.dim(parameters)}`);
  for (const [label, text] of said) print(`  ${style.dim(label)} ${safeText(text)}`);
  const { failure, finishReason = 'done', text, reasoning, toolCalls, vectors } = exchange;
  const arrow = style.bold('←');
  if (reasoning) print(`${arrow} ${style.dim('reasoning')} ${safeText(reasoning)}`);
  for (const call of toolCalls) {
    print(`${arrow} ${style.dim('calls')} ${safeText(`${call.name}(${call.arguments})`)}`);
  }
  for (const vector of vectors ?? []) print(`${arrow} ${style.dim('vector')} ${vectorText(vector)}`);
  if (failure) print(`${style.red('✗')} ${failure.kind}: ${safeText(failure.message)}`);
  else if (!vectors) print(`${arrow} ${safeText(text)} ${style.dim(`(${finishReason})`)}`);
  print();
  for (const [name, value, remark = ''] of rows(exchange)) {
    print(`  ${name.padEnd(26)}${value.padStart(14)}${remark && `  ${style.dim(remark)}`}`);
  }
  for (const line of eventLines(exchange)) print(line);
  print();
}

/** Fields of a request that are not sent as they are. They are options of the client, or secret. */
const ASIDE = ['name', 'model', 'headers', 'tags', 'slo', 'timeout', 'signal', 'onToken'];

/** Messages of a request by role, and its other fields as JSON. */
function describeRequest(request: object): {
  readonly said: readonly (readonly [string, string])[];
  parameters: string;
} {
  const { messages, prompt, input, extraBody, ...rest } = request as Readonly<Record<string, unknown>>;
  const said: (readonly [string, string])[] = [];
  const add = (label: string, content: unknown) => {
    if (content !== undefined) said.push([label, typeof content === 'string' ? content : shortJson(content)]);
  };
  if (Array.isArray(messages)) for (const { role, content } of messages) add(String(role), content ?? '(no content)');
  else add('user', messages);
  add('prompt', prompt);
  add('input', input);
  const shown = Object.entries(rest).filter(([field]) => !ASIDE.includes(field));
  return { said, parameters: JSON.stringify({ ...Object.fromEntries(shown), ...(extraBody as object | undefined) }) };
}

/** JSON on one line, with long values cut. */
function shortJson(content: unknown): string {
  const text = JSON.stringify(content);
  return text.length > 400 ? `${text.slice(0, 400)}… (${text.length} characters)` : text;
}

function vectorText(vector: readonly number[]): string {
  const first = vector.slice(0, 4).map((value) => value.toFixed(4));
  return `${first.join(', ')}${vector.length > 4 ? ', …' : ''} (${vector.length} dimensions)`;
}

/** Every instant since the request was sent, then what follows from them. */
function rows(exchange: Exchange): (readonly [name: string, value: string, remark?: string])[] {
  const figures = figuresOf(exchange);
  const ms = (value: number | undefined) => (value === undefined ? '–' : `${value.toFixed(3)} ms`);
  const since = (at: number | undefined) => ms(at === undefined ? undefined : at - exchange.sentAt);
  return [
    ['scheduled', since(exchange.scheduledAt)],
    ['sent', since(exchange.sentAt)],
    ['connected', since(exchange.connectedAt)],
    ['headers', since(exchange.headersAt)],
    ['first chunk', since(exchange.firstChunkAt)],
    ['first token', since(exchange.firstTokenAt)],
    ['first answer token', since(exchange.firstAnswerAt)],
    ['last token', since(exchange.lastTokenAt)],
    ['ended', since(exchange.endedAt)],
    ['input tokens', String(figures.inputTokens ?? '–')],
    ['output tokens', String(figures.outputTokens), originOf(exchange)],
    ['TTFT', ms(figures.ttft)],
    ['TPOT', ms(figures.tpot)],
    ['E2E', ms(figures.e2e)],
    ['tokens/s after the first', figures.tokensPerSecond?.toFixed(1) ?? '–'],
  ];
}

/** Remark on an answer's token count. Empty where the server reported it. */
function originOf({ usage, counted, chunkAt, doubt }: Exchange): string {
  if (usage?.outputTokens !== undefined || chunkAt.length === 0) return '';
  const why = doubt ? "the server's count is impossible" : 'the server did not report its usage';
  return counted === undefined ? `stream events counted, an estimate: ${why}` : `counted by the tokenizer: ${why}`;
}

/** Lines of the output events' instants, nine to a line. In milliseconds since the request was sent. */
function eventLines({ sentAt, chunkAt }: Exchange): string[] {
  if (chunkAt.length === 0) return [];
  const instants = chunkAt.map((at) => (at - sentAt).toFixed(1).padStart(8));
  const lines = [`  ${chunkAt.length} output events, in ms`];
  for (let i = 0; i < instants.length; i += 9) lines.push(`  ${instants.slice(i, i + 9).join('')}`);
  return lines;
}
