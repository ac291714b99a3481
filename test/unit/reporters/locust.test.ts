import assert from 'node:assert/strict';
import { parse } from 'csv-parse/sync';
import type { Summary } from '../../../engine/metrics/snapshot.js';
import { exceptionsCsv, failuresCsv, statsCsv } from '../../../reporters/locust/csv.js';
import { historyCsv } from '../../../reporters/locust/history.js';
import { locustJson } from '../../../reporters/locust/json.js';
import { locustText } from '../../../reporters/locust/text.js';
import { fixed, float } from '../../../reporters/python.js';
import { assertGolden } from './golden.js';
import { empty, healthy, troubled } from './summaries.js';

const RUNS: Readonly<Record<string, Summary>> = { healthy, troubled, empty };

type Row = Readonly<Record<string, string>>;

const rowsOf = (text: string) => parse(text, { columns: true, record_delimiter: '\r\n' }) as Row[];

describe('numbers in the form of Python', () => {
  const floats: readonly (readonly [number, string])[] = [
    [150, '150.0'],
    [0, '0.0'],
    [471.25, '471.25'],
    [1 / 3, '0.3333333333333333'],
    [0.0001, '0.0001'],
    [0.00005, '5e-05'],
    [0.000000012, '1.2e-08'],
    [1e16, '1e+16'],
    [123_456_789_012_345, '123456789012345.0'],
  ];
  for (const [value, text] of floats) it(`write ${value} as ${text}`, () => assert.equal(float(value), text));

  const decimals: readonly (readonly [number, number, string])[] = [
    [0.125, 2, '0.12'],
    [0.375, 2, '0.38'],
    [0.875, 2, '0.88'],
    [2.5, 0, '2'],
    [1.005, 2, '1.00'],
    [20.1, 6, '20.100000'],
    [99.999, 2, '100.00'],
  ];
  for (const [value, digits, text] of decimals) {
    it(`write ${value} to ${digits} decimals as ${text}`, () => assert.equal(fixed(value, digits), text));
  }
});

describe("Locust's text summary", () => {
  for (const [name, summary] of Object.entries(RUNS)) {
    it(`of a run that is ${name} looks as in its golden file`, () => {
      assertGolden(`locust-${name}.txt`, locustText(summary));
    });
  }

  it('is what Locust prints of the same requests', () => {
    const lines = locustText(healthy, false).split('\n');
    const name = '/v1/chat/completions'.padEnd(76);
    const total = 'Aggregated'.padEnd(76);
    const figures = '    100     3(3.00%) |    471     100     842    480 |    2.00        0.06';
    assert.deepEqual(lines.slice(2, 5), [`POST     ${name} ${figures}`, lines[1], `         ${total} ${figures}`]);
    assert.equal(
      lines[9],
      `POST     ${'/v1/chat/completions'.padEnd(80)}      480    600    660    700    780    810    840    840    840    840    840    100`,
    );
  });

  it('gives latencies of LLMs rows that are in no total', () => {
    const [plain, full] = [locustText(healthy, false), locustText(healthy)];
    assert.doesNotMatch(plain, /LLM/);
    assert.deepEqual(
      [...full.matchAll(/^LLM +(\w+)/gm)].map(([, name]) => name),
      ['e2e', 'itl', 'tpot', 'ttft', 'e2e', 'itl', 'tpot', 'ttft'],
    );
    const total = (text: string) => text.split('\n').filter((line) => line.includes('Aggregated'));
    assert.deepEqual(total(full), total(plain));
  });

  it('lets no control character through', () => {
    assert.doesNotMatch(locustText(troubled).replaceAll('\n', ''), /\p{Cc}|[\u202a-\u202e]/u);
  });
});

describe("Locust's CSV files", () => {
  for (const [name, summary] of Object.entries(RUNS)) {
    it(`of a run that is ${name} look as in their golden files`, () => {
      assertGolden(`locust-${name}_stats.csv`, statsCsv(summary, true));
      assertGolden(`locust-${name}_failures.csv`, failuresCsv(summary));
      assertGolden(`locust-${name}_exceptions.csv`, exceptionsCsv(summary));
    });
  }

  it('have the row that Locust writes of the same requests', () => {
    const [, row, total] = statsCsv(healthy, false).split('\r\n');
    const figures = '100,3,480,471.25,100.0,842.5,512.0,2.0,0.06,480,600,660,700,780,810,840,840,840,840,840';
    assert.deepEqual([row, total], [`POST,/v1/chat/completions,${figures}`, `,Aggregated,${figures}`]);
  });

  it('have what the text summary shows', () => {
    for (const summary of [healthy, troubled]) {
      const lines = locustText(summary).split('\n');
      for (const row of rowsOf(statsCsv(summary, true))) {
        const name = row.Name?.replace(/^'/, '') ?? '';
        const [first = '', second = ''] = lines.filter((line) => line.startsWith(`${row.Type?.padEnd(8)} ${name} `));
        const [, count, failures] = / (\d+) +(\d+)\(/.exec(first) ?? [];
        assert.deepEqual([count, failures], [row['Request Count'], row['Failure Count']], name);
        assert.ok(first.includes(`${Number(row['Requests/s']).toFixed(2)} `), first);
        const shown = second.slice(90).trim().split(/ +/);
        assert.equal(Math.trunc(Number(shown[5])), Math.trunc(Number(row['95%'])), name);
      }
    }
  });

  it('keep names apart from formulas, commas, quotes and line breaks', () => {
    const [name, message] = ['=cmd|"/C calc"!A0, /items', 'a\nb\rc,"d"'];
    const failures = [{ ...troubled.failures[0]!, name, message }];
    const [row] = rowsOf(failuresCsv({ ...troubled, failures }));
    assert.deepEqual([row?.Name, row?.Error], [`'${name}`, message]);
    assert.ok(failuresCsv({ ...troubled, failures }).includes(`"'=cmd|""/C calc""!A0, /items","a\nb\rc,""d"""`));
  });

  it('keep controls out, which a terminal would obey', () => {
    const failures = [{ ...troubled.failures[0]!, name: 'a\u001b[2Jb', message: 'no\u0000\u009b1mt' }];
    const [row] = rowsOf(failuresCsv({ ...troubled, failures }));
    assert.deepEqual([row?.Name, row?.Error], ['a [2Jb', 'no  1mt']);
  });

  it('count failures with the same method, name and message as one', () => {
    const failure = { ...troubled.failures[0]!, message: 'no', count: 2, firstAt: 5000, lastAt: 9000 };
    const failures = [failure, { ...failure, scenario: 'other', count: 3, firstAt: 1000, lastAt: 2000 }];
    const rows = rowsOf(failuresCsv({ ...troubled, failures }));
    assert.deepEqual(
      rows.map((row) => [row.Occurrences, row['First Seen'], row['Last Seen']]),
      [['5', '2026-10-22T20:08:12Z', '2026-10-22T20:08:20Z']],
    );
  });
});

describe("Locust's history", () => {
  it('has all requests together after every second, and before them nothing', () => {
    const rows = rowsOf(historyCsv(healthy, false));
    assert.equal(rows.length, 67);
    const [nothing, first] = rows;
    assert.deepEqual(
      [nothing?.Timestamp, nothing?.['95%'], nothing?.['Total Request Count'], nothing?.['Requests/s']],
      [String(Math.floor(Date.parse(healthy.run.startedAt) / 1000)), 'N/A', '0', '0.000000'],
    );
    assert.deepEqual([first?.['User Count'], first?.['Total Request Count'], first?.['50%']], ['4', '2', '110']);
    assert.deepEqual([rows[20]?.['Requests/s'], rows[20]?.['Failures/s']], ['2.000000', '0.000000']);
    assert.deepEqual([rows[4]?.['Requests/s'], rows[4]?.['Failures/s']], ['2.000000', '3.000000'.replace('3', '2')]);
  });

  it('ends with the figures of the whole run', () => {
    const last = rowsOf(historyCsv(troubled, false)).at(-1);
    const total = rowsOf(statsCsv(troubled, true)).at(-1);
    for (const field of ['Request Count', 'Failure Count', 'Median Response Time', 'Min Response Time']) {
      assert.equal(last?.[`Total ${field}`], total?.[field], field);
    }
    assert.deepEqual([last?.['50%'], last?.['99.9%']], [total?.['50%'], total?.['99.9%']]);
  });

  it('in full has every name from its first request on, with percentiles of the last ten seconds', () => {
    const rows = rowsOf(historyCsv(healthy, true));
    assert.equal(rows.filter(({ Name }) => Name === 'Aggregated').length, 67);
    assert.equal(rows.filter(({ Name }) => Name === '/v1/chat/completions').length, 66);
    const at = (second: number) => rows.filter(({ Name }) => Name === 'Aggregated')[second];
    // Two requests a second, each 7.5 ms slower than the one before.
    assert.deepEqual([at(50)?.['50%'], at(50)?.['100%']], ['780', '840']);
    assert.equal(at(66)?.['50%'], '0');
  });

  it('has wider steps where the run was too long to keep every second', () => {
    const wide = { ...healthy, locust: { ...healthy.locust, historySeconds: 4 } };
    const rows = rowsOf(historyCsv(wide, false));
    assert.equal(Number(rows[1]?.Timestamp) - Number(rows[0]?.Timestamp), 4);
    assert.equal(rows.at(-1)?.['Total Request Count'], '100');
  });
});

describe("Locust's JSON", () => {
  it('has the fields of its entries, and every request in a second', () => {
    const [entry, ...latencies] = JSON.parse(locustJson(healthy, true));
    const startedAt = Date.parse(healthy.run.startedAt) / 1000;
    assert.deepEqual(
      { ...entry, response_times: {}, num_reqs_per_sec: {}, num_fail_per_sec: {} },
      {
        name: '/v1/chat/completions',
        method: 'POST',
        last_request_timestamp: startedAt + 50,
        start_time: startedAt + 0.5,
        num_requests: 100,
        num_none_requests: 0,
        num_failures: 3,
        total_response_time: 47_125,
        max_response_time: 842.5,
        min_response_time: 100,
        total_content_length: 51_200,
        response_times: {},
        num_reqs_per_sec: {},
        num_fail_per_sec: {},
      },
    );
    const sum = (counts: Record<string, number>) => Object.values(counts).reduce((total, count) => total + count, 0);
    assert.deepEqual([entry.response_times, entry.num_reqs_per_sec, entry.num_fail_per_sec].map(sum), [100, 100, 3]);
    assert.deepEqual(
      latencies.map(({ method, name }: { method: string; name: string }) => `${method} ${name}`),
      ['LLM ttft', 'LLM tpot', 'LLM itl', 'LLM e2e'],
    );
    assert.equal(JSON.parse(locustJson(healthy, false)).length, 1);
  });
});
