import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { tokenswarm } from '../support/command.js';
import { testFolder } from '../support/folder.js';
import { sharedSimulator } from '../support/simulator.js';

const ODD = '=1+1, "two"\n<b> c\\';

describe('logs of samples', () => {
  const folder = testFolder();
  const read = (name: string) => readFileSync(`${folder.path}/${name}`, 'utf8');
  let rows: Readonly<Record<string, string>>[] = [];

  before(async function () {
    this.timeout(30_000);
    const simulator = await sharedSimulator();
    folder.write(
      'mixed.ts',
      `import { chat, http } from 'tokenswarm';
       export default async function () {
         await chat({ messages: 'why?', name: ${JSON.stringify(ODD)}, tags: { 'my colour': 'deep red', size: '7' } });
         await http.get('/health');
       }`,
    );
    const outs = ['k6-json=k6.ndjson', 'k6-csv=k6.csv', 'influx=k6.lp'].flatMap((out) => ['--out', out]);
    const load = ['-u', '2', '-i', '10', '-d', '20s', '--model', 'sim-ttft5-itl1-len5', '-q', '--summary', 'none'];
    const { code, stderr } = await tokenswarm(['run', 'mixed.ts', '--base-url', simulator.url, ...load, ...outs], {
      cwd: folder.path,
    });
    assert.equal(code, 0, stderr);
    rows = parse(read('k6.csv'), { columns: true });
  });

  /** Samples of k6's JSON, as metric and value. */
  const samples = () =>
    read('k6.ndjson')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter(({ type }) => type === 'Point')
      .map(({ metric, data }) => `${metric} ${data.value}`)
      .sort();

  it('as k6’s CSV have its columns, and every sample of its JSON', () => {
    assert.equal(
      read('k6.csv').split('\n')[0],
      'metric_name,timestamp,metric_value,check,error,error_code,expected_response,group,method,name,proto,' +
        'scenario,service,status,subproto,tls_version,url,extra_tags,metadata',
    );
    assert.deepEqual(rows.map(({ metric_name, metric_value }) => `${metric_name} ${metric_value}`).sort(), samples());
    const [row] = rows.filter(({ metric_name }) => metric_name === 'llm_ttft');
    assert.deepEqual([row?.scenario, row?.status], ['default', '200']);
    assert.match(row?.extra_tags ?? '', /^my colour=deep red&size=7&model=sim-ttft5-itl1-len5$/);
    assert.match(row?.metadata ?? '', /^vu=\d+&iter=\d+$/);
    assert.match(row?.name ?? '', /^'=1\+1, "two"/);
    assert.ok(Math.abs(Number(row?.timestamp) - Date.now() / 1000) < 60);
  });

  it('as Influx’s lines have every sample, on one line each', () => {
    const lines = read('k6.lp').trimEnd().split('\n');
    const found = lines.map((line) => {
      const [, metric = '', tags = '', value = '', time = ''] =
        /^((?:[^, =\\]|\\.)+)((?:,(?:[^, =\\]|\\.)+=(?:[^, =\\]|\\.|\\(?=[^, =]))+)*) value=([-\d.e+]+) (\d{19})$/.exec(
          line,
        ) ?? [];
      assert.notEqual(metric, '', line);
      assert.ok(Math.abs(Number(time) / 1e6 - Date.now()) < 60_000, line);
      return { metric, tags, value };
    });
    assert.deepEqual(found.map(({ metric, value }) => `${metric} ${value}`).sort(), samples());
    const { tags = '' } = found.find(({ metric }) => metric === 'llm_ttft') ?? {};
    assert.ok(tags.includes(',my\\ colour=deep\\ red,size=7'), tags);
    assert.ok(tags.includes(',name=\\=1+1\\,\\ "two"\\ <b>\\ c\\ '), tags);
  });
});
