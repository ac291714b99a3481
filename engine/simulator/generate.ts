import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { combineSeeds } from '../random.js';
import { composeAnswer } from './answer.js';
import { openEventStream } from './event-stream.js';
import { sendJson } from './json-response.js';
import { type Fault, MISBEHAVIOURS } from './misbehaviour.js';
import type { Behaviour } from './model-name.js';
import type { Pacer } from './pacer.js';
import { promptOf } from './prompt.js';
import type { Generation } from './protocol.js';

/** What all requests of one simulator share. */
export interface Engine {
  readonly now: () => number;
  readonly pacer: Pacer;
  /** The seed of the next request that brings none. */
  nextSeed(): number;
}

/** Answers one valid request: composes the answer, joins the schedule, and leaves it when the client goes away. */
export function generate(
  engine: Engine,
  generation: Generation,
  { fixed, thinkTokens, reasoningField, tools }: Behaviour,
  response: ServerResponse,
  arrivedAt: number,
  fault?: Fault,
): void {
  const misbehaviour = fault && MISBEHAVIOURS[fault.name];
  if (fault && misbehaviour?.instead) {
    misbehaviour.instead(response, fault);
    return;
  }
  const prompt = promptOf(generation.prompt);
  const promptTokens = generation.promptTokens ?? prompt.tokens;
  const { calling } = generation;
  const answer = composeAnswer({
    prompt,
    seed: generation.seed === undefined ? engine.nextSeed() : combineSeeds(`${generation.seed} ${prompt.text}`),
    maxTokens: generation.maxTokens,
    stop: generation.stop,
    ignoreEos: generation.ignoreEos,
    fixedTokens: misbehaviour?.tokens ?? fixed?.tokens,
    thinkTokens: generation.reasons ? thinkTokens : 0,
    tool: calling && (calling.must || tools) ? calling.tool : undefined,
  });
  const encoding = generation.encode({
    id: randomUUID(),
    created: Math.floor(Date.now() / 1000),
    promptTokens,
    answer,
    reasoningField,
  });
  const writtenAt = () => engine.now().toFixed(3);
  const { step, streamType } = encoding;
  const type = misbehaviour?.contentType ?? streamType;
  const deliver =
    generation.stream && step
      ? openEventStream(response, answer.steps, (index) => step(index, writtenAt()), type).deliver
      : (due: number) => {
          if (due === answer.steps) sendJson(response, 200, encoding.whole(writtenAt()));
        };
  const { after } = misbehaviour ?? {};
  const amount = fault?.amount ?? 0;
  const sequence = {
    promptTokens,
    tokens: answer.steps,
    deliver: after && amount < answer.steps ? breakOff(deliver, amount, () => after(response)) : deliver,
  };
  response.on('close', () => engine.pacer.stop(sequence));
  engine.pacer.play(sequence, fixed?.pace, arrivedAt);
}

/** Delivers so many tokens and no more: then comes what `happen` does. */
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
