import { charactersOf, type Exchange } from './exchange.js';
import type { ServerHabits } from './server-habits.js';

/** Mean length of a token in characters, where nothing better is known. */
const CHARACTERS = 4.5;

/** Minimum delay, in tokens, of an end that took a decoding step. */
const LEAST_STEP = 0.3;

/** Most tokens of markup that opens reasoning, such as `<think>`. */
const MOST_OPENING = 2;
/** Fewest events whose pace tells the steps before the first. */
const FEWEST_EVENTS = 8;

/**
 * Distributes the final token count over the output events, in whole tokens. The count is the server's, else the
 * tokenizer's, else an estimate from the server's other answers. Events with counts of their own keep them. Tokens that no
 * event carries are subtracted: hidden reasoning, and those between the last output and the end.
 */
export function shareTokens(exchange: Exchange, habits: ServerHabits): void {
  const { chunkTokens, usage, counted, countedEvents } = exchange;
  const events = chunkTokens.length;
  if (events === 0) return;
  const told = usage?.outputTokens;
  if (told !== undefined && countedEvents === events) {
    habits.recordShare(chunkTokens[0] ?? 0, exchange.countedTokens, events);
    return;
  }
  if (told === undefined) {
    const total = counted ?? guess(exchange, habits);
    if (total !== undefined) spread(exchange, total, [], habits);
    return;
  }
  const shown = Math.max(1, told - hiddenReasoning(exchange));
  if (exchange.finishReason === 'stop') habits.recordEnd(shown, events);
  const end = endTokens(exchange, shown - events, habits);
  const left = shown - end - events;
  const silent = exchange.silentSteps.length <= left ? exchange.silentSteps : [];
  const first = spread(exchange, shown - end, silent, habits);
  if (silent.length === 0 && exchange.firstKind !== 'tool') habits.recordShare(first, shown - end, events);
}

/** Estimate of an uncounted answer's tokens, from the server's other answers. */
function guess({ chunkTokens, countedEvents }: Exchange, { laterTokens }: ServerHabits): number | undefined {
  const events = chunkTokens.length;
  if (laterTokens === undefined || countedEvents === events) return undefined;
  return Math.round(1 + laterTokens * (events - 1));
}

/** Reasoning tokens that no event carries. */
function hiddenReasoning({ usage, reasoning }: Exchange): number {
  return reasoning === '' ? (usage?.reasoningTokens ?? 0) : 0;
}

/**
 * Tokens between the last output and the end. An end that took a step of its own is one, the end-of-sequence token. The
 * end of a tool call is markup, with as many tokens as there was time for.
 */
function endTokens(exchange: Exchange, surplus: number, { countsEnd }: ServerHabits): number {
  const {
    finishedAt,
    firstTokenAt = 0,
    lastTokenAt = 0,
    finishReason,
    chunkTokens,
    latestKind,
    silentSteps,
  } = exchange;
  // An answer that was cut has no end of its own, unless the server shows every step.
  const isCut = finishReason !== 'stop' && finishReason !== 'tool_calls' && silentSteps.length === 0;
  if (surplus <= 0 || isCut || finishedAt === undefined || (finishReason === 'stop' && !countsEnd)) return 0;
  const events = chunkTokens.length;
  const isTool = latestKind === 'tool';
  const later = isTool ? events - 1 : events + surplus - 1;
  const pace = later > 0 ? (lastTokenAt - firstTokenAt) / later : 0;
  const steps = pace > 0 ? (finishedAt - lastTokenAt) / pace : finishedAt > lastTokenAt ? 1 : 0;
  if (steps < LEAST_STEP) return 0;
  return isTool ? Math.min(surplus, Math.max(1, Math.round(steps))) : 1;
}

/**
 * Distributes tokens over the steps, evenly after the first. Those of a silent step go to the output event after it.
 * Returns the tokens of the first event.
 */
function spread(exchange: Exchange, total: number, silent: readonly number[], habits: ServerHabits): number {
  const { chunkTokens } = exchange;
  if (silent.length === 0 && spreadBeforeTool(exchange, total, habits)) return chunkTokens[0] ?? 0;
  const steps = chunkTokens.length + silent.length;
  const first = steps === 1 ? total : firstTokens(exchange, total, steps, habits);
  const upTo = (step: number) => (step === 0 ? first : first + Math.ceil(((total - first) * step) / (steps - 1)));
  let step = 0;
  let given = 0;
  for (let event = 0; event < chunkTokens.length; event += 1) {
    while (silent[step - event] === event) step += 1;
    const now = upTo(step);
    chunkTokens[event] = now - given;
    given = now;
    step += 1;
  }
  return chunkTokens[0] ?? 0;
}

/**
 * Distributes tokens over an answer that calls a tool after other output. The name of a call is held back until it is
 * complete: its event has what the others leave. False where they leave none, or how many they have is not known.
 */
function spreadBeforeTool(exchange: Exchange, total: number, { laterTokens }: ServerHabits): boolean {
  const { chunkTokens, toolEvent = 0, text, reasoning } = exchange;
  if (toolEvent === 0) return false;
  const isWhole = toolEvent === chunkTokens.length - 1;
  const byLength = isWhole ? (text.length + reasoning.length) / toolEvent / CHARACTERS : undefined;
  const each = laterTokens ?? byLength;
  if (each === undefined) return false;
  const later = Math.max(1, Math.round(each));
  const left = total - 1 - later * (chunkTokens.length - 2);
  if (left < 1) return false;
  for (let event = 0; event < chunkTokens.length; event += 1) {
    chunkTokens[event] = event === 0 ? 1 : event === toolEvent ? left : later;
  }
  return true;
}

/**
 * Tokens of the first step. It is one, from the prefill, unless the event is as long as the others. The name of a tool
 * call is held back until it is complete: its event has what the others leave.
 */
function firstTokens(exchange: Exchange, total: number, steps: number, habits: ServerHabits): number {
  const mean = total / steps;
  if (mean <= 1) return 1;
  const characters = charactersOf(exchange);
  if (exchange.firstKind === 'tool') {
    const later = habits.laterTokens ?? Math.max(1, Math.round(characters / (steps - 1) / CHARACTERS));
    return Math.max(1, Math.round(total - (steps - 1) * later));
  }
  const byLength = (total * exchange.firstSize) / Math.max(1, characters);
  if (mean < 2) return 1 + openingTokens(exchange, total - steps);
  if (habits.startsWithOne(byLength, mean)) return 1;
  return Math.min(total - steps + 1, Math.max(1, Math.round(byLength)));
}

/**
 * Tokens of markup that opens reasoning. No event carries them: the first output comes as many steps after the first
 * chunk, which the prefill sends.
 */
function openingTokens(exchange: Exchange, surplus: number): number {
  const { firstKind, firstChunkAt, firstTokenAt = 0, lastTokenAt = 0, chunkTokens, silentSteps } = exchange;
  const events = chunkTokens.length;
  if (firstKind !== 'reasoning' || firstChunkAt === undefined || silentSteps.length > 0 || events < FEWEST_EVENTS)
    return 0;
  for (let opening = Math.min(surplus, MOST_OPENING); opening > 0; opening -= 1) {
    const pace = (lastTokenAt - firstTokenAt) / (events - 1 + surplus - opening);
    if (Math.round((firstTokenAt - firstChunkAt) / pace) === opening) return opening;
  }
  return 0;
}
