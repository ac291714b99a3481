import type { Answer } from '../../api/answer.js';
import type { AgentOptions, Session, TurnRequest } from '../../api/session.js';
import { type ChatMessage, textOf } from '../../client/protocols/chat-messages.js';
import type { ConversationBody } from '../../client/protocols/generation-fields.js';
import { askUnit, parseDuration, sleep } from '../../clock.js';
import { estimateTokens } from '../../data/token-estimate.js';
import { checkFields, show } from '../../schema.js';
import { ChatHistory, HISTORY_OPTIONS, questionOf } from '../api/chat-history.js';
import { type CallRequest, type CallRoute, call } from '../llm-call.js';
import { calling, type VuState } from '../vu-state.js';
import type { Activity, ActivityKind } from './activity.js';
import { Joinable } from './joinable.js';
import { withField } from './session-routing.js';

/** Session around an agent. */
export interface AgentTree {
  readonly vu: VuState;
  readonly name: string;
  /** Number of its agents. */
  agents: number;
  /** Current instant of the machine's clock. */
  now(): number;
  /** Server and headers of an agent's next request. */
  routeOf(agent: Agent): CallRoute;
  /** Runs an agent to its end. Resolves to undefined where its context overflows. */
  live<Result>(agent: Agent, run: (s: Session) => Result | Promise<Result>): Promise<Result | undefined>;
  /** Keeps the session until a subagent has ended. */
  addChild(child: Joinable<unknown>): void;
  /** Counts an answered turn. `known` are its input tokens that an endless cache would have. */
  countTurn(answer: Answer, known: number, turn: number): void;
}

/** Ends an agent whose context is full. */
export class ContextOverflow extends Error {
  override readonly name = 'ContextOverflow';

  constructor(readonly agent: Agent) {
    super(`the context of ${agent.name} is full: the server refused its turn as too long`);
  }
}

const UNANSWERED = 'turn: the turn before has not been answered yet; await it';

/** Protocols that an agent's turns may use. */
const PROTOCOLS = ['chat', 'anthropic', 'responses', 'ollama', 'gemini'] as const;

/** Names of the options of an agent. */
export const AGENT_OPTIONS = [...HISTORY_OPTIONS, 'protocol'];

/** Agent of a session: its history and activities. */
export class Agent implements Session {
  readonly name: string;
  readonly id: string;
  readonly from: number;
  to: number;
  readonly activities: Activity[] = [];
  readonly #tree: AgentTree;
  readonly #protocol: NonNullable<AgentOptions['protocol']>;
  readonly #history: ChatHistory;
  #turns = 0;
  #contextTokens = 0;
  #children = 0;
  #isAsking = false;

  constructor(tree: AgentTree, name: string, id: string, options: AgentOptions) {
    const what = `session "${name}"`;
    const { protocol = 'chat' } = options;
    if (!PROTOCOLS.includes(protocol)) {
      throw new TypeError(`${what}: protocol: expected one of ${PROTOCOLS.join(', ')}, got ${show(protocol)}`);
    }
    this.name = name;
    this.id = id;
    this.#tree = tree;
    this.#protocol = protocol;
    this.#history = new ChatHistory(what, options);
    this.from = tree.now();
    this.to = this.from;
    tree.agents += 1;
  }

  get history(): readonly ChatMessage[] {
    return this.#history.messages;
  }

  get turns(): number {
    return this.#turns;
  }

  get contextTokens(): number {
    return this.#contextTokens;
  }

  async turn(request: TurnRequest): Promise<Answer> {
    if (typeof request !== 'object' || request === null || request.prompt === undefined) {
      throw new TypeError(`turn: expected an object such as { prompt: 'What next?' }, got ${show(request)}`);
    }
    if (this.#isAsking) throw new Error(UNANSWERED);
    const { prompt, ...rest } = request;
    const question = questionOf(prompt);
    const dropped = this.#history.dropped;
    const messages = this.#history.ask(question);
    // What an endless cache would have: prompt and answer of the turn before.
    const known = this.#history.dropped === dropped ? this.#contextTokens : 0;
    return await this.ask({ ...rest, messages }, known, (answer) => this.#history.take(messages, question, answer));
  }

  /** Sends a request of whole messages as the next turn. `known` are its tokens that an endless cache would have. */
  async ask(
    request: ConversationBody & CallRequest,
    known: number,
    take: (answer: Answer) => void = () => undefined,
  ): Promise<Answer> {
    if (this.#isAsking) throw new Error(UNANSWERED);
    this.#isAsking = true;
    try {
      const answer = await this.#spend('model', 'turn', () => this.#send(request));
      take(answer);
      this.#count(answer, request.messages, known);
      return answer;
    } finally {
      this.#isAsking = false;
    }
  }

  tool<Result>(name: string, work: string | number | (() => Result | Promise<Result>)): Promise<Result> {
    if (typeof name !== 'string' || name === '') {
      throw new TypeError(`tool: expected a name and a duration or function, got ${show(name)}`);
    }
    if (typeof work === 'function') return this.#spend('tools', 'tool', async () => await work());
    return this.#spend('tools', 'tool', () => this.#wait('tool', work)) as Promise<Result>;
  }

  think(time: string | number): Promise<void> {
    return this.#spend('thinking', 'think', () => this.#wait('think', time));
  }

  subagent<Result>(
    name: string,
    run: (child: Session) => Result | Promise<Result>,
    options: AgentOptions = {},
  ): Promise<Result | undefined> {
    if (typeof name !== 'string' || name === '' || typeof run !== 'function') {
      throw new TypeError(`subagent: expected a name and a function, got ${show(name)} and ${show(run)}`);
    }
    checkFields(`subagent "${name}"`, options, AGENT_OPTIONS);
    this.#children += 1;
    const id = `${this.id}-${this.#children}`;
    const child = new Agent(this.#tree, name, id, { protocol: this.#protocol, ...options });
    return this.#start(child, () => run(child));
  }

  reset(): void {
    this.#history.reset();
    this.#contextTokens = 0;
  }

  async #send({ extraBody, headers, ...request }: ConversationBody & CallRequest): Promise<Answer> {
    const tree = this.#tree;
    const { vu } = tree;
    const { field } = vu.thread.sessions;
    const sent: CallRequest = {
      ...request,
      name: request.name ?? this.name,
      tags: { ...request.tags, turn: this.#turns + 1, session: tree.name, agent: this.name },
      ...(headers && { headers }),
      ...((extraBody || field) && { extraBody: field ? withField(extraBody, field, this.id) : extraBody }),
    };
    return await call(vu, this.#protocol, sent, tree.routeOf(this));
  }

  /** Counts an answer, and ends the agent where its context is full. */
  #count(answer: Answer, messages: ConversationBody['messages'], known: number): void {
    this.#tree.countTurn(answer, known, this.#turns + 1);
    if (answer.ok) {
      this.#turns += 1;
      this.#contextTokens = (answer.inputTokens ?? estimated(messages)) + answer.outputTokens;
    }
    if (answer.failure?.contextOverflow) throw new ContextOverflow(this);
  }

  async #wait(what: string, time: string | number): Promise<void> {
    const ms = parseDuration(time);
    if (ms === undefined) {
      throw new TypeError(`${what}: expected a duration such as "2s", got ${show(time)}${askUnit(time)}`);
    }
    await sleep(this.#tree.vu.thread.clock, ms, this.#tree.vu.signal);
  }

  /** Waits in a tool, or as a person. */
  async pause(kind: 'tools' | 'thinking', ms: number): Promise<void> {
    const { thread, signal } = this.#tree.vu;
    if (ms > 0) await this.#spend(kind, kind, () => sleep(thread.clock, ms, signal));
  }

  /** Starts a subagent that is kept until it has ended. */
  spawn<Result>(name: string, run: (child: Agent) => Promise<Result>): Joinable<Result | undefined> {
    this.#children += 1;
    const child = new Agent(this.#tree, name, `${this.id}-${this.#children}`, { protocol: this.#protocol });
    return this.#start(child, () => run(child));
  }

  #start<Result>(child: Agent, run: () => Result | Promise<Result>): Joinable<Result | undefined> {
    const life = this.#spend('subagent', 'subagent', () => this.#tree.live(child, run), child);
    const joinable = Joinable.of(life);
    this.#tree.addChild(joinable);
    return joinable;
  }

  /** Calls a function, and notes the time that it took. */
  async #spend<Result>(kind: ActivityKind, what: string, run: () => Promise<Result>, agent?: Agent): Promise<Result> {
    const from = this.#tree.now();
    const activity = { kind, from, to: Number.POSITIVE_INFINITY, ...(agent && { agent }) };
    this.activities.push(activity);
    try {
      return await calling(this.#tree.vu, what, run);
    } finally {
      activity.to = this.#tree.now();
    }
  }
}

/** Estimated tokens of a prompt, where the server does not count them. */
function estimated(messages: ConversationBody['messages']): number {
  if (typeof messages === 'string') return estimateTokens(messages);
  return messages.reduce((sum, message) => sum + estimateTokens(textOf(message)), 0);
}
