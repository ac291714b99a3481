import type { Api } from '../../api/index.js';
import type { ReplayOptions } from '../../api/session.js';
import { sessionOf, startShare } from '../../data/sessions/played-sessions.js';
import { PromptBody, WordBytes } from '../../data/sessions/prompt-body.js';
import type { RecordedAgent, RecordedSession } from '../../data/sessions/recorded-session.js';
import { readSession } from '../../data/sessions/session-index.js';
import { combineSeeds, randomSource } from '../../random.js';
import { checkFields } from '../../schema.js';
import { call } from '../llm-call.js';
import { calling, type VuState } from '../vu-state.js';
import { type Replay, ReplayedAgent } from './replayed-agent.js';
import { limitOf } from './session-api.js';
import { SessionTree } from './session-tree.js';

const OPTIONS = ['name', 'models', 'cacheBust', 'extraBody', 'onTurn', 'protocol', 'slo'];

/** Words of a marker. Eight are never alike by chance. */
const MARKER = 8;

/** Words as bytes, by the list that they are of. */
const asBytes = new WeakMap<readonly string[], WordBytes>();

/** Random number of this process. No other run has the same markers. */
const NONCE = Math.random();

/** `replay` of one VU. */
export function replayFor(vu: VuState): Api['replay'] {
  const { thread, plan } = vu;
  const played = plan?.load.sessions;
  // Loaded now, since scanning a tokenizer takes longer than an iteration may wait.
  const words = played ? thread.synthetics.wordsOf(thread.options?.tokenizer).words : [];
  return (options = {}) =>
    calling(vu, 'replay', async () => {
      if (!played) throw new Error("replay() is for the iterations of a scenario of the executor 'sessions'");
      checkFields('replay', options, OPTIONS);
      const { name = 'session', protocol = 'chat', cacheBust = true } = options;
      const number = vu.iterationInTest ?? 0;
      const recorded = readSession(played.index, sessionOf(played, number, thread.seed));
      const share = vu.iteration === 0 ? startShare(played, vu.id, thread.seed) : undefined;
      const from = share === undefined ? 0 : instantAt(recorded, share);
      const bytes = asBytes.get(words) ?? new WordBytes(words);
      asBytes.set(words, bytes);
      const random = randomSource(combineSeeds('marker', NONCE, thread.seed, number));
      const marker = Array.from({ length: cacheBust ? MARKER : 0 }, () => Math.floor(random() * bytes.count));
      const { systemTokens } = recorded.root;
      const body = new PromptBody({ words: bytes, scope: 'block', systemTokens, marker });
      const replay: Replay = {
        ...{ played, options, from, modelOf: modelsOf(options, recorded.root) },
        elapsed: recorded.hasInstants ? () => tree.now() - tree.root.from : undefined,
        warmUp: (agent, request) => {
          const unmeasured: VuState = Object.create(vu, { stage: { value: 'hook' } });
          return call(unmeasured, protocol, { ...request, name: agent.name }, tree.routeOf(agent));
        },
      };
      const tree = new SessionTree(vu, name, { protocol }, limitOf(name, options), from === 0);
      await tree.play(() => new ReplayedAgent(replay, recorded.root, tree.root, body).play());
    });
}

/** Instant of a share of a session's recorded time, in milliseconds. 0 before its second turn. */
function instantAt({ root }: RecordedSession, share: number): number {
  const last = root.turns.at(-1);
  const instant = share * ((last?.at ?? 0) + (last?.took ?? 0));
  return instant > (root.turns[0]?.at ?? 0) ? instant : 0;
}

/** Models for the recorded ones, by first appearance. */
function modelsOf({ models }: ReplayOptions, root: RecordedAgent): Replay['modelOf'] {
  if (!models) return () => undefined;
  const seen: (string | undefined)[] = [];
  const look = ({ turns, children }: RecordedAgent) => {
    for (const { model } of turns) if (!seen.includes(model)) seen.push(model);
    for (const { agent } of children) look(agent);
  };
  look(root);
  return (model) => models[Math.min(models.length - 1, Math.max(0, seen.indexOf(model)))];
}
