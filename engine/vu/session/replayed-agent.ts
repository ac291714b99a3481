import type { Answer } from '../../api/answer.js';
import type { ReplayOptions } from '../../api/session.js';
import type { ChatMessage } from '../../client/protocols/chat-messages.js';
import { ENCODING, withEncoding } from '../../client/protocols/encoded-messages.js';
import { type PlayedSessions, playedGap } from '../../data/sessions/played-sessions.js';
import type { PromptBody } from '../../data/sessions/prompt-body.js';
import type { RecordedAgent, RecordedChild, RecordedTurn } from '../../data/sessions/recorded-session.js';
import type { Agent } from './agent.js';

/** Replay of a session, common to its agents. */
export interface Replay {
  readonly played: PlayedSessions;
  readonly options: ReplayOptions;
  /** Instant of the record from which it is measured, in milliseconds. */
  readonly from: number;
  /** Milliseconds since the session began. Undefined where only gaps were recorded. */
  readonly elapsed: (() => number) | undefined;
  /** Model for a recorded one. */
  readonly modelOf: (recorded: string | undefined) => string | undefined;
  /** Sends a request that is not measured. */
  readonly warmUp: (agent: Agent, request: TurnBody) => Promise<Answer>;
}

/** Request of a replayed turn. */
export interface TurnBody {
  readonly messages: readonly ChatMessage[];
  readonly maxTokens: number;
  readonly extraBody: Readonly<Record<string, unknown>>;
  readonly model?: string;
}

/** Plays the turns of a recorded agent, and of its subagents. */
export class ReplayedAgent {
  readonly #replay: Replay;
  readonly #recorded: RecordedAgent;
  readonly #agent: Agent;
  readonly #body: PromptBody;
  /** Subagents that a later turn waits for. */
  readonly #joins = new Map<number, Promise<unknown>[]>();

  constructor(replay: Replay, recorded: RecordedAgent, agent: Agent, body: PromptBody) {
    this.#replay = replay;
    this.#recorded = recorded;
    this.#agent = agent;
    this.#body = body;
  }

  /** Plays from the instant of the replay on. The turn before it is sent first, unmeasured. */
  async play(): Promise<void> {
    const { turns, children } = this.#recorded;
    const { from } = this.#replay;
    const first = turns.findIndex(({ at }) => at >= from);
    const begin = first < 0 ? turns.length : first;
    // Prompts build on one another.
    for (let turn = 0; turn < begin; turn += 1) this.#apply(turn);
    if (begin > 0) await this.#warmUp(begin - 1);
    for (const child of children) {
      if (child.after < begin && (child.joinedBy === undefined || child.joinedBy >= begin)) this.#start(child);
    }
    for (let turn = begin; turn < turns.length; turn += 1) {
      await Promise.all(this.#joins.get(turn) ?? []);
      const { gap, afterTool, at } = turns[turn]!;
      const wait = turn === begin && begin > 0 ? Math.min(gap, at - from) : gap;
      await this.#agent.pause(afterTool ? 'tools' : 'thinking', this.#waitOf(at, wait));
      await this.#turn(turn);
      for (const child of children) if (child.after === turn) this.#start(child);
    }
  }

  /** Time until a turn: to its recorded instant, else its gap. */
  #waitOf(at: number, gap: number): number {
    const { played, elapsed } = this.#replay;
    const isDue = played.byStart && elapsed;
    return isDue ? Math.max(0, at / played.speed - elapsed()) : playedGap(played, gap);
  }

  async #turn(turn: number): Promise<void> {
    this.#apply(turn);
    const recorded = this.#recorded.turns[turn]!;
    const added = recorded.pieces.reduce((sum, { tokens }) => sum + tokens, 0);
    const answer = await this.#agent.ask(this.#request(recorded), recorded.inputTokens - added);
    this.#replay.options.onTurn?.(answer);
  }

  async #warmUp(turn: number): Promise<void> {
    const answer = await this.#replay.warmUp(this.#agent, this.#request(this.#recorded.turns[turn]!));
    if (!answer.ok) throw new Error(`the warm-up of a session failed: ${answer.failure?.message}`);
  }

  #apply(turn: number): void {
    const { turns } = this.#recorded;
    this.#body.apply(turns[turn]!, turns[turn - 1]?.outputTokens ?? 0);
  }

  #request({ outputTokens, model }: RecordedTurn): TurnBody {
    const { extraBody = { ignore_eos: true } } = this.#replay.options;
    const named = this.#replay.modelOf(model);
    return {
      messages: messagesOf(this.#body),
      maxTokens: outputTokens,
      extraBody,
      ...(named !== undefined && { model: named }),
    };
  }

  #start({ agent, after, joinedBy }: RecordedChild): void {
    const body = this.#body.fork();
    const life = this.#agent.spawn(agent.name, (child) => {
      return new ReplayedAgent(this.#replay, agent, child, body).play();
    });
    // An error of its own ends the session, whoever waits for it.
    if (joinedBy === undefined || joinedBy <= after) return;
    const waiting = this.#joins.get(joinedBy) ?? [];
    waiting.push(life);
    this.#joins.set(joinedBy, waiting);
  }
}

/** Messages of a prompt. They are sent as its bytes, and parsed only where something reads them. */
function messagesOf(body: PromptBody): readonly ChatMessage[] {
  const list: readonly ChatMessage[] = withEncoding([], body);
  return new Proxy(list, {
    get: (target, field) => Reflect.get(field === ENCODING ? target : body.messages, field),
  });
}
