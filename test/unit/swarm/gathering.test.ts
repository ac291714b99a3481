import assert from 'node:assert/strict';
import { systemClock } from '../../../engine/clock.js';
import { UserError } from '../../../engine/errors.js';
import { Gathering, type GatheringOptions } from '../../../engine/swarm/gathering.js';
import { openMeeting } from '../../../engine/swarm/open-meeting.js';
import { testFolder } from '../../support/folder.js';
import { freePort } from '../../support/port.js';

const clock = systemClock;

describe('machines that start together', function () {
  this.timeout(20_000);
  const folder = testFolder();
  let places = 0;

  /** A new place of each kind. */
  const PLACES: Readonly<Record<string, () => Promise<string>>> = {
    'a folder': async () => {
      places += 1;
      return `${folder.path}/meeting-${places}`;
    },
    'an address': async () => `127.0.0.1:${await freePort()}`,
  };

  async function machine(place: string, index: number, more: Partial<GatheringOptions> & { count?: number } = {}) {
    const { count = 3, ...options } = more;
    const point = await openMeeting(place, { isFirst: index === 0, key: 'key', clock });
    const said: string[] = [];
    const gathering = new Gathering({
      ...{ point, share: { index, count }, fingerprint: 'same', clock, patience: 10_000 },
      ...{ signal: new AbortController().signal, onWait: (text) => said.push(text) },
      ...options,
    });
    return { gathering, said };
  }

  for (const [kind, place] of Object.entries(PLACES)) {
    it(`agree on one instant and one setup over ${kind}, whoever comes first`, async () => {
      const at = await place();
      const take = async (index: number, delay: number) => {
        await new Promise((resolve) => setTimeout(resolve, delay));
        const { gathering } = await machine(at, index);
        await gathering.gather();
        if (gathering.leads) await gathering.giveData('{"token":1}');
        const data = gathering.leads ? undefined : await gathering.takeData(5000);
        const start = await gathering.commonStart();
        await gathering.end(5000);
        return { gathering, data, start };
      };
      const all = await Promise.all([take(0, 200), take(1, 0), take(2, 400)]);
      assert.deepEqual(
        all.map(({ data }) => data),
        [undefined, '{"token":1}', '{"token":1}'],
      );
      const starts = all.map(({ start }) => start);
      // Clocks of one machine: what differs is the error of the offsets.
      assert.ok(Math.max(...starts) - Math.min(...starts) < 50, `${starts}`);
      for (const { gathering } of all) assert.ok(Math.abs(gathering.clockOffset) < 50, `${gathering.clockOffset}`);
      for (const { gathering } of all) await gathering.leave();
    });

    it(`name the shares that do not come to ${kind}`, async () => {
      const at = await place();
      const { gathering } = await machine(at, 0, { patience: 300, count: 4 });
      await assert.rejects(gathering.gather(), (error: unknown) => {
        assert.ok(error instanceof UserError);
        assert.match(error.message, /^waited 0 s for shares 2, 3, 4 of 4$/);
        return true;
      });
      await gathering.leave();
      const { gathering: alone } = await machine(at, 1, { patience: 300 });
      await assert.rejects(alone.gather(), /^.*waited 0 s for share 1 of 3/);
    });

    it(`learn over ${kind} that one has ended before the start`, async () => {
      const at = await place();
      const [first, second] = [await machine(at, 0, { count: 2 }), await machine(at, 1, { count: 2 })];
      await Promise.all([first.gathering.gather(), second.gathering.gather()]);
      await Promise.all([
        first.gathering.leave(),
        assert.rejects(second.gathering.takeData(5000), /share 1 on \S+ ended before the load started/),
      ]);
    });
  }

  it('forget those of an earlier run in the same folder', async () => {
    const at = `${folder.path}/again`;
    for (let round = 0; round < 2; round += 1) {
      const pair = [await machine(at, 0, { count: 2 }), await machine(at, 1, { count: 2 })];
      const starts = await Promise.all(
        pair.map(async ({ gathering }) => {
          await gathering.gather();
          return gathering.commonStart();
        }),
      );
      for (const start of starts) assert.ok(start > clock.now(), 'an old start was taken for the new one');
    }
  });

  it('refuse who has another plan, and who takes the share of another', async () => {
    const at = `${folder.path}/others`;
    const [first, other] = [
      await machine(at, 0, { count: 2 }),
      await machine(at, 1, { count: 2, fingerprint: 'else' }),
    ];
    await Promise.all([
      assert.rejects(first.gathering.gather(), /share 2 on \S+ has another script, plan, seed or version than share 1/),
      assert.rejects(other.gathering.gather(), /share 2 on \S+ has another script, plan, seed or version than share 1/),
    ]);
    // Neither keeps the right ones from meeting there.
    const pair = [await machine(at, 0, { count: 2 }), await machine(at, 1, { count: 2 })];
    await Promise.all(pair.map(({ gathering }) => gathering.gather()));
    const twice = `${folder.path}/twice`;
    const [one, two] = [await machine(twice, 1), await machine(twice, 1, { patience: 500 })];
    const taken = assert.rejects(one.gathering.gather(), /share 2 of 3 was taken by /);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await assert.rejects(two.gathering.gather(), /waited 1 s for share 1 of 3/);
    await taken;
  });

  it('forget who was left behind with another plan, once that was told', async () => {
    const at = `${folder.path}/left`;
    const left = await machine(at, 1, { count: 2, fingerprint: 'else', patience: 200 });
    await assert.rejects(left.gathering.gather(), /waited \d s for share 1 of 2/);
    await assert.rejects((await machine(at, 0, { count: 2 })).gathering.gather(), /has another script/);
    const pair = [await machine(at, 0, { count: 2 }), await machine(at, 1, { count: 2 })];
    await Promise.all(pair.map(({ gathering }) => gathering.gather()));
  });

  it('keep strangers out of the address', async () => {
    const at = `127.0.0.1:${await freePort()}`;
    const point = await openMeeting(at, { isFirst: true, key: 'ours', clock });
    const stranger = await openMeeting(at, { isFirst: false, key: 'theirs', clock });
    await assert.rejects(stranger.put('data', 'x'), /belongs to another run/);
    assert.equal(await point.get('data'), undefined);
    await point.close();
    for (const place of ['ftp://x', '127.0.0.1:99999', '127.0.0.1:0']) {
      const opened = openMeeting(place, { isFirst: true, key: '', clock });
      await assert.rejects(opened, /expected a folder or host:port/, place);
    }
  });

  it('obey who does not want to wait', async () => {
    const leaving = new AbortController();
    const { gathering } = await machine(`${folder.path}/left`, 0, { signal: leaving.signal });
    const gathered = gathering.gather();
    setTimeout(() => leaving.abort(new Error('left')), 50);
    await assert.rejects(gathered, /left/);
  });
});
