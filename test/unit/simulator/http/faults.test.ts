import assert from 'node:assert/strict';
import { faultDraw } from '../../../../engine/simulator/http/faults.js';
import {
  createSimulator,
  FAULT_KINDS,
  type Fault,
  readFaults,
  type Simulator,
} from '../../../../engine/simulator/index.js';
import { tokenswarm } from '../../../support/command.js';
import { rowsBelow } from '../../../support/page.js';

const CUT: Fault = { name: 'cut', amount: 1, percent: 100, retryAfter: 1 };

describe('a fault of the simulator', () => {
  const table: readonly (readonly [string, readonly Partial<Fault>[], readonly string[]])[] = [
    ['cut', [{}], []],
    ['cut10', [{ amount: 10 }], []],
    ['cut10-p5', [{ amount: 10, percent: 5 }], []],
    ['cut10:p0.5', [{ amount: 10, percent: 0.5 }], []],
    ['sim-ttft5-cut0-len7', [{ amount: 0 }], ['sim', 'ttft5', 'len7']],
    ['429', [{ name: 'status', amount: 429 }], []],
    ['sim-fail-503-retry7-p50', [{ name: 'status', amount: 503, retryAfter: 7, percent: 50 }], ['sim', 'fail']],
    [
      'html-p10-reset3',
      [
        { name: 'html', percent: 10 },
        { name: 'reset', amount: 3 },
      ],
      [],
    ],
    ['p50', [], ['p50']],
    ['sim-qwen-7b-200-600-status5-constructor', [], ['sim', 'qwen', '7b', '200', '600', 'status5', 'constructor']],
  ];
  for (const [text, faults, unknown] of table) {
    it(`is read from ${text}`, () => {
      assert.deepEqual(readFaults(text), { faults: faults.map((fault) => ({ ...CUT, ...fault })), unknown });
    });
  }

  it('affects its share of requests, the same for the same seed', () => {
    const drawn = (seed: number) => {
      const draw = faultDraw(seed);
      return Array.from({ length: 10_000 }, () => draw([{ ...CUT, percent: 10 }]) !== undefined);
    };
    const once = drawn(1);
    assert.deepEqual(drawn(1), once);
    assert.notDeepEqual(drawn(2), once);
    const share = once.filter(Boolean).length / once.length;
    assert.ok(share > 0.09 && share < 0.11, `${share}`);
  });

  it('takes turns with others, in order', () => {
    const draw = faultDraw(1);
    const faults = [
      { ...CUT, percent: 50 },
      { ...CUT, name: 'html' },
    ];
    const names = Array.from({ length: 1000 }, () => draw(faults)?.name);
    assert.deepEqual([...new Set(names)].sort(), ['cut', 'html']);
    assert.equal(draw([]), undefined);
  });

  it('is documented in docs/simulator.md', () => {
    const rows = rowsBelow('simulator.md', '## Misbehaving');
    const does = rows.map(([name = '', what]) => [name.replaceAll('`', '').replace(/<n>$/, ''), what]);
    const known = Object.entries(FAULT_KINDS).map(([name, misbehaviour]) => [name, misbehaviour.does]);
    assert.deepEqual(
      does,
      known.map(([name, what]) => [name === 'status' ? '<status>' : name, what]),
    );
    for (const [name, { after }] of Object.entries(FAULT_KINDS)) {
      assert.equal(
        rows.some(([cell]) => cell === `\`${name}<n>\``),
        after !== undefined,
        name,
      );
    }
  });

  it('is refused by the flag where unknown, with the valid names', async () => {
    for (const text of ['cutt', 'cut10-x', '', '200', 'p10']) {
      const { code, stderr } = await tokenswarm(['simulate', '--misbehave', text]);
      assert.equal(code, 104, text);
      assert.match(stderr, /one of html, mute, /);
    }
  });

  describe('that a flag asks for', () => {
    let simulator: Simulator;
    afterEach(() => simulator.close());

    async function ask(model: string): Promise<Response> {
      return fetch(`${simulator.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ model, messages: [{ role: 'user', content: 'hi' }] }),
      });
    }

    it("happens to models of any name, after those of the model's own", async () => {
      simulator = await createSimulator({
        model: 'qwen-503',
        ttftMs: 0,
        itlMs: 0,
        faults: readFaults('429-retry9').faults,
      });
      const answer = await ask('qwen-503');
      assert.deepEqual([answer.status, answer.headers.get('retry-after')], [429, '9']);
      assert.equal((await ask('sim-503')).status, 503);
      assert.equal((await ask('sim')).status, 429);
      assert.equal((await fetch(`${simulator.url}/v1/models`)).status, 200);
    });

    it('does not affect a shorter answer', async () => {
      simulator = await createSimulator({ ttftMs: 0, itlMs: 0, tokens: 5, faults: readFaults('cut5').faults });
      const answer = (await (await ask('sim')).json()) as { usage: { completion_tokens: number } };
      assert.equal(answer.usage.completion_tokens, 5);
    });
  });
});
