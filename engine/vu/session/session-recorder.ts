import type { Answer } from '../../api/answer.js';
import { BUILT_IN } from '../../metrics/catalogue.js';
import type { Recorder } from '../../metrics/recorder.js';
import type { Phase, Tags } from '../../metrics/series.js';
import type { SessionLane } from '../../metrics/session-lanes.js';
import { logSample } from '../samples.js';
import { pickTags, textTags } from '../tags.js';
import type { VuState } from '../vu-state.js';
import { type AgentTrack, criticalTimes, ownTimes } from './activity.js';
import { depthBucket, turnBucket } from './depth-buckets.js';
import { laneOf } from './session-lanes.js';

/** Session as far as its figures go. */
interface RecordedSession {
  readonly vu: VuState;
  readonly name: string;
  readonly root: AgentTrack;
  /** Longest duration of a good session, in milliseconds. */
  readonly slo: number | undefined;
  readonly agents: number;
  readonly turns: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Tokens of the longest turn, prompt and answer. */
  readonly depth: number;
  readonly hasFailed: boolean;
  /** False for one that was joined in its middle. */
  readonly isWhole: boolean;
}

/** Records the start of a session. */
export function recordStart({ vu, root, isWhole }: RecordedSession): void {
  const { recorder } = vu.thread;
  if (!recorder || vu.stage !== 'running') return;
  const metric = isWhole ? 'flow_session_starts' : 'llm_session_joined';
  const [tags, phase] = [recorder.tagsOf(vu.scenario), recorder.phaseAt(root.from)];
  recorder.counter(metric, tags, phase).add(1);
  recorder.counter('flow_live_sessions', tags, phase).add(1);
}

/** Records that a session is at work no more. */
export function recordEnd({ vu, root }: RecordedSession): void {
  const { recorder } = vu.thread;
  if (!recorder || vu.stage !== 'running') return;
  recorder.counter('flow_live_sessions', recorder.tagsOf(vu.scenario), recorder.phaseAt(root.from)).add(-1);
}

/** Records a session that the end of the load has cut off. Older than its SLO, it would not have met that. */
export function recordCensored(tree: RecordedSession, cutAt: number): void {
  recordLane(tree, cutAt, 'cut off');
  const opened = tree.isWhole ? open(tree) : undefined;
  if (!opened) return;
  const { recorder, tags, phase } = opened;
  const age = cutAt - tree.root.from;
  recorder.trend('llm_session_censored', tags, phase).add(age);
  if (tree.slo !== undefined && age > tree.slo) recorder.rate('llm_session_good', tags, phase).add(false);
}

/** Records a session whose whole tree has ended. */
export function recordSession(tree: RecordedSession, endedAt: number): void {
  recordLane(tree, endedAt, tree.hasFailed ? 'failed' : 'ended');
  const opened = tree.isWhole ? open(tree) : undefined;
  if (!opened) return;
  const { recorder, tags, phase } = opened;
  const { vu, name, root, slo, hasFailed } = tree;
  const duration = endedAt - root.from;
  recorder.counter('llm_sessions', tags, phase).add(1);
  recorder.rate('llm_session_failed', tags, phase).add(hasFailed);
  if (slo !== undefined) recorder.rate('llm_session_good', tags, phase).add(!hasFailed && duration <= slo);
  if (!hasFailed) recorder.counter('flow_sessions', tags, recorder.phaseAt(endedAt)).add(1);
  const ofOutcome: Tags = hasFailed ? { ...tags, failed: 'true' } : tags;
  const own = ownTimes(root, endedAt);
  const path = criticalTimes(root);
  const figures = {
    llm_session_duration: duration,
    llm_session_turns: tree.turns,
    llm_session_agents: tree.agents,
    llm_session_depth: tree.depth,
    llm_session_input_tokens: tree.inputTokens,
    llm_session_output_tokens: tree.outputTokens,
    llm_session_model: own.model,
    llm_session_tools: own.tools,
    llm_session_thinking: own.thinking,
    llm_session_waiting: own.waiting,
    llm_session_path_model: path.model,
    llm_session_path_tools: path.tools,
    llm_session_path_thinking: path.thinking,
  } as const;
  for (const [metric, value] of Object.entries(figures) as [keyof typeof figures, number][]) {
    recorder.trend(metric, ofOutcome, phase).add(value);
  }
  logSample(vu, 'llm_session_duration', BUILT_IN.llm_session_duration, duration, { name });
  logSample(vu, 'llm_session_failed', BUILT_IN.llm_session_failed, Number(hasFailed), { name });
}

/** Records the session over time. One that the load joined in its middle too. */
function recordLane({ vu, name, root }: RecordedSession, until: number, outcome: SessionLane['outcome']): void {
  const { recorder } = vu.thread;
  if (!recorder || vu.stage !== 'running') return;
  recorder.lanes.push(laneOf(root, { user: vu.id, name, outcome }, until, (at) => recorder.since(at)));
}

/** Records what a turn adds to the figures of its request. `known` are input tokens that an endless cache has. */
export function recordTurn({ vu, name }: RecordedSession, answer: Answer, known: number, turn: number): void {
  const { recorder, clock } = vu.thread;
  if (!recorder || vu.stage !== 'running') return;
  const tags = recorder.tagsOf(vu.scenario, name);
  const phase = recorder.phaseAt(clock.now() - answer.at.ended);
  const { inputTokens, ttft, ok } = answer;
  if (answer.failure?.contextOverflow) recorder.counter('llm_context_overflows', tags, phase).add(1);
  if (!ok) return;
  if (ttft !== undefined) {
    const { scenario } = vu;
    recorder.trend('llm_ttft_by_turn', { scenario, turn: turnBucket(turn) }, phase).add(ttft);
    if (inputTokens)
      recorder.trend('llm_ttft_by_depth', { scenario, depth: depthBucket(inputTokens) }, phase).add(ttft);
  }
  if (!inputTokens) return;
  recorder.trend('llm_depth', tags, phase).add(inputTokens);
  recorder.rate('llm_cache_hit_possible', tags, phase).addShare(Math.min(known, inputTokens), inputTokens);
}

interface Opened {
  readonly recorder: Recorder;
  readonly tags: Tags;
  readonly phase: Phase;
}

/** Recorder, tags and phase of a session. Undefined where nothing is recorded. */
function open({ vu, name, root }: RecordedSession): Opened | undefined {
  const { recorder, tagKeys } = vu.thread;
  if (!recorder || vu.stage !== 'running') return undefined;
  const usual = recorder.tagsOf(vu.scenario, name);
  const tags = tagKeys.length === 0 ? usual : { ...usual, ...pickTags(textTags(vu.tags), tagKeys) };
  return { recorder, tags, phase: recorder.phaseAt(root.from) };
}
