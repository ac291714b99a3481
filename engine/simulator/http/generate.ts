import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { combineSeeds } from '../../random.js';
import type { Pacer } from '../scheduler/pacer.js';
import type { ServedCard, ServedEngine } from '../scheduler/vllm-card.js';
import { textsOf } from '../text/chunks.js';
import { type Answer, composeAnswer } from '../text/compose-answer.js';
import { type GroupedAnswer, groupedAnswer } from '../text/grouped-answer.js';
import type { Behaviour } from '../text/model-name.js';
import { promptBlocks } from '../text/prompt-blocks.js';
import { promptOf } from '../text/prompt-tokens.js';
import { ApiError } from './api-error.js';
import { FAULT_KINDS, type Fault } from './faults.js';
import { sendJson } from './json-response.js';
import type { Generation, ReplyTimes } from './simulated-protocol.js';
import { openEventStream } from './sse-writer.js';

/** State that all requests of one simulator share. */
export interface Engine {
  readonly now: () => number;
  readonly pacer: Pacer;
  readonly served: ServedEngine;
  /** Seed of the next request without one. */
  nextSeed(): number;
}

/** Answers one valid request. Composes the answer, joins the schedule, and leaves it if the client disconnects. */
export function generate(
  engine: Engine,
  generation: Generation,
  { fixed, thinkTokens, reasoningField, tools }: Behaviour,
  response: ServerResponse,
  arrivedAt: number,
  fault?: Fault,
): void {
  const kind = fault && FAULT_KINDS[fault.name];
  if (fault && kind?.instead) {
    kind.instead(response, fault);
    return;
  }
  const prompt = promptOf(generation.prompt);
  const promptTokens = generation.promptTokens ?? prompt.tokens;
  const { calling } = generation;
  const { card } = engine.served;
  const whole = composeAnswer({
    prompt,
    seed: generation.seed === undefined ? engine.nextSeed() : combineSeeds(`${generation.seed} ${prompt.text}`),
    maxTokens: kind?.tokens ?? (card ? roomFor(generation, promptTokens, card) : generation.maxTokens),
    stop: generation.stop,
    ignoreEos: generation.ignoreEos,
    fixedTokens: kind?.tokens ?? fixed?.tokens,
    thinkTokens: generation.reasons ? thinkTokens : 0,
    tool: calling && (calling.must || tools) ? calling.tool : undefined,
  });
  const { stream } = generation;
  const groups = stream && card?.severalTokens ? groupedAnswer(whole) : undefined;
  const answer = groups?.answer ?? whole;
  const times: ReplyTimes = { askedAt: arrivedAt, firstAt: undefined, cachedTokens: undefined };
  const encoding = generation.encode({
    id: randomUUID(),
    created: Math.floor(Date.now() / 1000),
    promptTokens,
    answer,
    reasoningField,
    times,
  });
  const writtenAt = () => engine.now().toFixed(3);
  const { step, streamType } = encoding;
  const type = kind?.contentType ?? streamType;
  const deliver =
    stream && step
      ? openEventStream(
          response,
          answer.steps,
          eventsOf((index) => step(index, writtenAt()), groups),
          type,
        ).deliver
      : (due: number) => {
          times.firstAt ??= engine.now();
          if (due === answer.steps) sendJson(response, 200, encoding.whole(writtenAt()));
        };
  const { after } = kind ?? {};
  const amount = fault?.amount ?? 0;
  const sequence = {
    promptTokens,
    tokens: answer.steps,
    promptBlocks: blocksOf(generation, whole, card),
    onCached: (tokens: number) => {
      times.cachedTokens = tokens;
    },
    deliver: after && amount < answer.steps ? breakOff(deliver, amount, () => after(response)) : deliver,
  };
  response.on('close', () => engine.pacer.stop(sequence));
  engine.pacer.play(sequence, card ? undefined : fixed?.pace, arrivedAt);
}

/**
 * Block hashes of prompt and answer, if there is a prefix cache. The next prompt of a conversation has both, but no
 * reasoning, and calls in another form.
 */
function blocksOf({ prompt, promptTokens }: Generation, answer: Answer, card: ServedCard | undefined) {
  if (card?.prefixBlock === undefined) return undefined;
  if (promptTokens !== undefined) return promptBlocks(prompt, card.prefixBlock, true);
  const isSaidAgain = answer.reasoningTokens === 0 && answer.tool === undefined;
  return promptBlocks(isSaidAgain ? `${prompt}\n${textsOf(answer).content}` : prompt, card.prefixBlock);
}

/** Most tokens of an answer. Those requested, as far as the longest sequence leaves room. */
function roomFor({ maxTokens }: Generation, promptTokens: number, { longest }: ServedCard): number {
  // One more for the end-of-sequence token, which takes a step.
  const room = longest - promptTokens - 1;
  if (room >= 1) return Math.min(room, maxTokens ?? room);
  const message = `This model's maximum context length is ${longest} tokens. However, your request has ${promptTokens} input tokens.`;
  throw new ApiError(400, message, { type: 'BadRequestError' });
}

/** Events of tokens `from` to `upTo` − 1. One each, or one for all that came together. */
function eventsOf(step: (index: number) => string, groups: GroupedAnswer | undefined) {
  return (from: number, upTo: number): string => {
    if (groups) return groups.each(from, upTo, step);
    let events = '';
    for (let index = from; index < upTo; index += 1) events += step(index);
    return events;
  };
}

/** Delivers a number of tokens, then calls `happen`. */
function breakOff(deliver: (due: number) => void, tokens: number, happen: () => void): (due: number) => void {
  let over = false;
  return (due) => {
    if (over) return;
    deliver(Math.min(due, tokens));
    if (due < tokens) return;
    over = true;
    happen();
  };
}
