/** Piece of a prompt. Its key decides its text: equal keys are equal text. */
export interface Piece {
  readonly key: number | string;
  readonly tokens: number;
}

/** Turn of a recorded agent. */
export interface RecordedTurn {
  /** Milliseconds since the session began. */
  readonly at: number;
  /** Wait since the end of the agent's turn before, in milliseconds. Of its first turn: since it was started. */
  readonly gap: number;
  /** True where a tool took the gap, not a person. */
  readonly afterTool: boolean;
  /** Recorded duration of the request, in milliseconds. */
  readonly took: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Leading pieces of the turn before with which its prompt begins. Of a first turn: of its parent's. */
  readonly kept: number;
  /** Pieces after those. */
  readonly pieces: readonly Piece[];
  readonly model: string | undefined;
}

/** Subagent, beside the agent that started it. */
export interface RecordedChild {
  readonly agent: RecordedAgent;
  /** Turn of the parent after which it starts. */
  readonly after: number;
  /** Turn of the parent that waits for it; undefined where none does. */
  readonly joinedBy: number | undefined;
}

/** Recorded agent: its turns and subagents. */
export interface RecordedAgent {
  readonly name: string;
  /** Leading tokens of its prompts that are system prompt and tools. */
  readonly systemTokens: number;
  readonly turns: readonly RecordedTurn[];
  readonly children: readonly RecordedChild[];
}

/** Recorded session. */
export interface RecordedSession {
  readonly id: string;
  /** Start in milliseconds, on the file's clock. Undefined where it has none. */
  readonly startAt: number | undefined;
  /** True where instants of turns were recorded. False for gaps alone. */
  readonly hasInstants: boolean;
  readonly root: RecordedAgent;
  /** Subagents left out, since no turn stands before them. */
  readonly dropped: number;
}

/** Request of a recorded agent, with its whole prompt. */
export interface RecordedRequest {
  readonly at: number;
  readonly took: number;
  /** Wait that was recorded, in milliseconds; undefined where only the times tell. */
  readonly waited: number | undefined;
  readonly afterTool: boolean;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly pieces: readonly Piece[];
  readonly model: string | undefined;
}

/**
 * Turns of an agent, each with what it adds. `startedAt` is that of the agent, and `parent` the request
 * after which it was started.
 */
export function turnsOf(
  requests: readonly RecordedRequest[],
  startedAt: number,
  parent?: RecordedRequest,
): readonly RecordedTurn[] {
  return requests.map((request, index) => {
    const before = requests[index - 1] ?? parent;
    const kept = before ? commonPieces(before.pieces, request.pieces) : 0;
    const { pieces, waited, ...others } = request;
    const since = index > 0 && before ? before.at + before.took : startedAt;
    return { ...others, gap: Math.max(0, waited ?? request.at - since), kept, pieces: pieces.slice(kept) };
  });
}

/** Number of leading pieces that two prompts share. */
export function commonPieces(a: readonly Piece[], b: readonly Piece[]): number {
  const most = Math.min(a.length, b.length);
  let common = 0;
  while (common < most && isSame(a[common], b[common])) common += 1;
  return common;
}

/** Pieces of a prompt by the hashes of its blocks. What has no hash is a piece of its own, called `rest`. */
export function piecesOf(
  hashes: readonly (number | string)[],
  inputTokens: number,
  blockTokens: number,
  rest: string,
): Piece[] {
  const pieces: Piece[] = [];
  let left = inputTokens;
  for (const key of hashes) {
    if (left <= 0) break;
    pieces.push({ key, tokens: Math.min(blockTokens, left) });
    left -= blockTokens;
  }
  if (left > 0) pieces.push({ key: rest, tokens: left });
  return pieces;
}

/** All agents of a session with their parents, the root first. */
export function agentsOf(root: RecordedAgent): readonly RecordedAgent[] {
  return [root, ...root.children.flatMap(({ agent }) => agentsOf(agent))];
}

function isSame(a: Piece | undefined, b: Piece | undefined): boolean {
  return a === b || (a?.key === b?.key && a?.tokens === b?.tokens);
}
