import { FOLLOWED } from '../../engine/metrics/delta.js';
import type { ScenarioState, Snapshot } from '../../engine/metrics/snapshot.js';
import { amount } from '../format.js';
import { safeText } from '../terminal-text.js';
import { WINDOWS } from './history.js';
import { COLUMN_COUNT } from './panels/table.js';
import { type Choice, ORDERS } from './view.js';

/** Command that a key gives to the run. */
export type KeyAction =
  | { readonly type: 'stop' }
  | { readonly type: 'pause' }
  | { readonly type: 'resume' }
  | { readonly type: 'scale'; readonly scenario: string; readonly vus: number }
  | { readonly type: 'save' };

/** State of the dashboard between two keys. */
export interface State {
  readonly choice: Choice;
  /** User counts set by hand, known here before a snapshot shows them. */
  readonly users: Readonly<Record<string, number>>;
  /** Scenario that user keys change, if chosen. */
  readonly scenario: string | undefined;
  readonly paused: boolean;
}

export const AT_FIRST: State = {
  choice: { metric: 'ttft', window: '1m', order: 'name', down: 0, right: 0, help: false },
  users: {},
  scenario: undefined,
  paused: false,
};

/** Outcome of a key. */
export interface Pressed {
  readonly state: State;
  readonly action?: KeyAction;
  /** Message to show. */
  readonly message?: string;
}

/** Handles a key, given by the terminal library's name. */
export function press(state: State, key: string, snapshot: Snapshot | undefined): Pressed {
  const { choice } = state;
  const choose = (change: Partial<Choice>): Pressed => ({ state: { ...state, choice: { ...choice, ...change } } });
  if (choice.help && key !== 'q' && key !== 'C-c') return choose({ help: false });
  switch (key) {
    case 'q':
    case 'C-c':
      return { state, action: { type: 'stop' } };
    case 'p': {
      const paused = !state.paused;
      const message = paused ? 'paused: no iteration starts; p resumes' : 'resumed';
      return { state: { ...state, paused }, action: { type: paused ? 'pause' : 'resume' }, message };
    }
    case '+':
    case '=':
      return scale(state, snapshot, 1);
    case '-':
      return scale(state, snapshot, -1);
    case 'n':
      return nextScenario(state, snapshot);
    case 'tab':
      return choose({ metric: after(FOLLOWED, choice.metric) });
    case 'w':
      return choose({ window: after(WINDOWS, choice.window) });
    case 'o':
      return choose({ order: after(ORDERS, choice.order), down: 0 });
    case 'down':
      return choose({ down: Math.min(choice.down + 1, Math.max(0, (snapshot?.rows.length ?? 0) - 1)) });
    case 'up':
      return choose({ down: Math.max(0, choice.down - 1) });
    case 'right':
      return choose({ right: Math.min(choice.right + 1, COLUMN_COUNT - 1) });
    case 'left':
      return choose({ right: Math.max(0, choice.right - 1) });
    case 's':
      return { state, action: { type: 'save' } };
    case '?':
    case 'h':
      return choose({ help: true });
    default:
      return { state };
  }
}

function after<Item>(items: readonly Item[], item: Item): Item {
  return items[(items.indexOf(item) + 1) % items.length] ?? item;
}

/** Users that one key adds: about a twentieth of the current number. */
function stepOf(users: number): number {
  if (users < 20) return 1;
  return users < 200 ? 10 : 50;
}

function scale(state: State, snapshot: Snapshot | undefined, direction: 1 | -1): Pressed {
  const scenario = scaled(state, snapshot);
  if (!scenario)
    return { state, message: 'no closed scenario is running: the users of arrivals follow from their rate' };
  const { name, planned } = scenario;
  const before = state.users[name] ?? planned ?? 0;
  const vus = Math.max(0, before + direction * stepOf(direction > 0 ? before : before - 1));
  return {
    state: { ...state, users: { ...state.users, [name]: vus } },
    action: { type: 'scale', scenario: name, vus },
    message: `${safeText(name)}: ${amount(vus, 'user')}, set by hand`,
  };
}

function nextScenario(state: State, snapshot: Snapshot | undefined): Pressed {
  const names = closedOnes(snapshot).map(({ name }) => name);
  const current = scaled(state, snapshot)?.name;
  if (current === undefined) return { state, message: 'no closed scenario is running' };
  const scenario = after(names, current);
  return { state: { ...state, scenario }, message: `+ and - set the users of ${safeText(scenario)}` };
}

/** Chosen scenario, or else the first whose user count can be changed. */
function scaled({ scenario }: State, snapshot: Snapshot | undefined): ScenarioState | undefined {
  const all = closedOnes(snapshot);
  return all.find(({ name }) => name === scenario) ?? all[0];
}

function closedOnes(snapshot: Snapshot | undefined): readonly ScenarioState[] {
  return snapshot?.scenarios.filter(({ planned, state }) => planned !== null && state === 'running') ?? [];
}
