import { Command } from 'commander';
import { type Exchange, ExitCode, figuresOf, type Trial, type TriedRequest, tryOnce } from '../../engine/index.js';
import { paint, safeText, wantsColor } from '../../reporters/index.js';
import { addFlags, type Given, readFlags } from '../settings.js';
import { startSimulator } from '../simulator-process.js';
import { printHttpRequest } from './try-http.js';

/** `tokenswarm try`: one iteration of one user, with everything there is to see of it. */
export function tryCommand(): Command {
  const command = new Command('try')
    .description('run one iteration of one user and print each request, its answer and every instant')
    .argument('<file>', 'scenario, .ts or .js');
  return addFlags(command).action((file: string) => tryFile(file, readFlags(command)));
}

async function tryFile(file: string, { settings, simulate }: Given): Promise<void> {
  const simulator = simulate ? await startSimulator() : undefined;
  try {
    const trial = await tryOnce(file, { ...settings, ...simulator?.aim }, 'command line');
    for (const warning of trial.warnings) console.error(safeText(warning));
    print(trial);
    const failed =
      trial.error ||
      trial.requests.some(({ exchange }) => exchange.failure) ||
      trial.httpRequests.some(({ error }) => error);
    process.exitCode = failed ? ExitCode.scriptException : ExitCode.ok;
  } finally {
    simulator?.stop();
  }
}

function print({ requests, httpRequests, error, scenario }: Trial): void {
  const style = paint(wantsColor(process.stdout, process.env));
  for (const request of requests) printRequest(request);
  for (const exchange of httpRequests) printHttpRequest(exchange);
  if (requests.length + httpRequests.length === 0) console.log('The iteration made no request.');
  if (error) console.log(`${style.red('✗ the iteration failed')} ${error.where ?? ''}\n${safeText(error.stack)}`);
  else console.log(`${style.green('✓')} one iteration of scenario ${scenario} ran to its end`);
}

function printRequest({ request, exchange }: TriedRequest): void {
  const style = paint(wantsColor(process.stdout, process.env));
  const { messages, maxTokens, temperature, topP, stop, seed, extraBody } = request;
  const parameters = JSON.stringify({ maxTokens, temperature, topP, stop, seed, ...extraBody });
  console.log(`${style.bold('→')} ${exchange.name}, model ${exchange.model} ${style.dim(parameters)}`);
  for (const { role, content } of messages) console.log(`  ${style.dim(role)} ${safeText(String(content))}`);
  const { failure, finishReason, text, reasoning } = exchange;
  if (reasoning) console.log(`${style.bold('←')} ${style.dim('reasoning')} ${safeText(reasoning)}`);
  if (failure) console.log(`${style.red('✗')} ${failure.kind}: ${safeText(failure.message)}`);
  else console.log(`${style.bold('←')} ${safeText(text)} ${style.dim(`(${finishReason})`)}`);
  console.log();
  for (const [name, value] of rows(exchange)) console.log(`  ${name.padEnd(26)}${value.padStart(14)}`);
  for (const line of eventLines(exchange)) console.log(line);
  console.log();
}

/** Every instant since the request was sent, then what follows from them. */
function rows(exchange: Exchange): (readonly [string, string])[] {
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
    ['output tokens', String(figures.outputTokens)],
    ['TTFT', ms(figures.ttft)],
    ['TPOT', ms(figures.tpot)],
    ['E2E', ms(figures.e2e)],
    ['tokens/s after the first', figures.tokensPerSecond?.toFixed(1) ?? '–'],
  ];
}

/** When each output event came, in milliseconds since the request was sent, nine to a line. */
function eventLines({ sentAt, chunkAt }: Exchange): string[] {
  if (chunkAt.length === 0) return [];
  const instants = chunkAt.map((at) => (at - sentAt).toFixed(1).padStart(8));
  const lines = [`  ${chunkAt.length} output events, in ms`];
  for (let i = 0; i < instants.length; i += 9) lines.push(`  ${instants.slice(i, i + 9).join('')}`);
  return lines;
}
