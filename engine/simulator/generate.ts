import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { combineSeeds } from '../random.js';
import { composeAnswer } from './answer.js';
import { openEventStream } from './event-stream.js';
import { sendJson } from './json-response.js';
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
  { fixed }: Behaviour,
  response: ServerResponse,
  arrivedAt: number,
): void {
  const prompt = promptOf(generation.prompt);
  const answer = composeAnswer({
    prompt,
    seed: generation.seed === undefined ? engine.nextSeed() : combineSeeds(`${generation.seed} ${prompt.text}`),
    maxTokens: generation.maxTokens,
    stop: generation.stop,
    ignoreEos: generation.ignoreEos,
    fixedTokens: fixed?.tokens,
  });
  const encoding = generation.encode({
    id: `chatcmpl-${randomUUID()}`,
    created: Math.floor(Date.now() / 1000),
    promptTokens: prompt.tokens,
    answer,
  });
  const writtenAt = () => engine.now().toFixed(3);
  const deliver = generation.stream
    ? openEventStream(response, answer.steps, (index) => encoding.step(index, writtenAt())).deliver
    : (due: number) => {
        if (due === answer.steps) sendJson(response, 200, encoding.whole(writtenAt()));
      };
  const sequence = { promptTokens: prompt.tokens, tokens: answer.steps, deliver };
  response.on('close', () => engine.pacer.stop(sequence));
  engine.pacer.play(sequence, fixed?.pace, arrivedAt);
}
