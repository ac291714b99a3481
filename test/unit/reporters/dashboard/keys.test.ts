import assert from 'node:assert/strict';
import type { Snapshot } from '../../../../engine/metrics/snapshot.js';
import { AT_FIRST, type KeyAction, press, type State } from '../../../../reporters/dashboard/keys.js';
import { midway } from '../snapshots.js';

const [peak] = midway.scenarios;

/** State, commands and message after several keys. */
function pressAll(keys: readonly string[], snapshot: Snapshot | undefined = midway) {
  const actions: KeyAction[] = [];
  let state: State = AT_FIRST;
  let message: string | undefined;
  for (const key of keys) {
    const pressed = press(state, key, snapshot);
    state = pressed.state;
    message = pressed.message;
    if (pressed.action) actions.push(pressed.action);
  }
  return { state, actions, message };
}

describe('the keys of the dashboard', () => {
  const actions: readonly (readonly [string, readonly string[], readonly KeyAction[]])[] = [
    ['end the run', ['q', 'C-c'], [{ type: 'stop' }, { type: 'stop' }]],
    ['pause and go on', ['p', 'p'], [{ type: 'pause' }, { type: 'resume' }]],
    ['write a summary', ['s'], [{ type: 'save' }]],
    ['do nothing where they have no meaning', ['x', 'f1', ''], []],
    [
      'set users one by one, from those that there are, before any snapshot tells of it',
      ['-', '-', '+'],
      [19, 18, 19].map((vus) => ({ type: 'scale', scenario: 'peak', vus })),
    ],
    ['set many users in larger steps', ['+', '='], [30, 40].map((vus) => ({ type: 'scale', scenario: 'peak', vus }))],
  ];
  for (const [what, keys, expected] of actions) {
    it(what, () => assert.deepEqual(pressAll(keys).actions, expected));
  }

  it('are reversible', () => {
    const vus = pressAll(['+', '+', '-', '-']).actions.map((action) => (action.type === 'scale' ? action.vus : -1));
    assert.deepEqual(vus, [30, 40, 30, 20]);
  });

  it('set 0 users at least', () => {
    const few = { ...midway, scenarios: [{ ...peak!, planned: 1 }] };
    assert.deepEqual(
      pressAll(['-', '-'], few).actions.map((action) => (action.type === 'scale' ? action.vus : -1)),
      [0, 0],
    );
  });

  it('set the users of the closed scenario that was chosen, and tell where there is none', () => {
    const others = {
      ...midway,
      scenarios: [{ ...peak!, name: 'rate', planned: null }, peak!, { ...peak!, name: '聊天' }],
    };
    assert.deepEqual(pressAll(['n', '+'], others).actions, [{ type: 'scale', scenario: '聊天', vus: 30 }]);
    const open = pressAll(['+'], { ...midway, scenarios: [{ ...peak!, planned: null }] });
    assert.deepEqual(open.actions, []);
    assert.match(open.message ?? '', /no closed scenario is running/);
    assert.match(pressAll(['n'], { ...midway, scenarios: [] }).message ?? '', /no closed scenario/);
  });

  it('cycle through the views', () => {
    assert.equal(pressAll(['tab']).state.choice.metric, 'tpot');
    assert.equal(pressAll(['tab', 'tab', 'tab', 'tab']).state.choice.metric, 'ttft');
    assert.equal(pressAll(['w', 'w']).state.choice.window, 'whole run');
    assert.equal(pressAll(['o']).state.choice.order, 'requests');
  });

  it('scroll within the contents', () => {
    const rows = Array.from({ length: 3 }, () => midway.rows[0]!);
    const { choice } = pressAll(['up', 'down', 'down', 'down', 'down', 'left', 'right'], { ...midway, rows }).state;
    assert.deepEqual([choice.down, choice.right], [2, 1]);
  });

  it('close the help, and end the run even then', () => {
    assert.equal(pressAll(['?']).state.choice.help, true);
    assert.deepEqual([pressAll(['?', 'p']).state.choice.help, pressAll(['?', 'p']).actions], [false, []]);
    assert.deepEqual(pressAll(['?', 'q']).actions, [{ type: 'stop' }]);
  });
});
