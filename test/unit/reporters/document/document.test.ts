import assert from 'node:assert/strict';
import {
  figure,
  itemSection,
  listSection,
  type Report,
  tableSection,
  text,
  verdict,
} from '../../../../reporters/document/document.js';
import { reportHtml } from '../../../../reporters/document/html.js';
import { reportMarkdown } from '../../../../reporters/document/markdown.js';
import { reportText } from '../../../../reporters/document/text.js';

const NASTY = 'a|b `c` *d* <img src=x>\n## g\u0000\u001b[31m\u202e';

const reportOf = (...sections: Report['sections']): Report => ({
  name: 'test',
  title: 'A title',
  simulated: [],
  sections,
});

const TABLE = tableSection(
  'Figures',
  [text(''), figure('mean'), figure('bounds', 'text'), { ...figure('p99'), leaves: 1 }],
  [
    ['TTFT', { text: '1.5ms', note: '1 – 2' }, '1 – 2', { text: '9ms', mark: '*' }],
    { cells: ['only a terminal', '2ms', '', ''], only: 'text' },
  ],
);

/** Report in every medium. */
const all = (report: Report) => [
  reportText(report),
  reportHtml(report).split('<main>')[1]?.split('</main>')[0] ?? '',
  reportMarkdown(report),
];

describe('a report as data', () => {
  it('is rendered with the parts of each medium', () => {
    const [terminal = '', page = '', markdown = ''] = [
      reportText(reportOf(TABLE)),
      reportHtml(reportOf(TABLE)).split('<main>')[1],
      reportMarkdown(reportOf(TABLE)),
    ];
    assert.match(
      terminal,
      /█ FIGURES\n\n +mean +bounds +p99\n {4}TTFT +1\.5ms +1 – 2 +9ms\*\n {4}only a terminal +2ms/,
    );
    assert.match(
      page,
      /<td data-column="mean">1\.5ms<small>1 – 2<\/small><\/td>|<td>1\.5ms<small>1 – 2<\/small><\/td>/,
    );
    assert.match(markdown, /\| TTFT \| 1\.5ms \(1 – 2\) \| 9ms\\\* \|/);
    for (const other of [page, markdown]) assert.doesNotMatch(other, /only a terminal|bounds/);
  });

  it('leaves out what has nothing to say', () => {
    for (const shown of all(reportOf(listSection('Caveats', 'doubtful', []), tableSection('None', [text('')], [])))) {
      assert.doesNotMatch(shown, /caveats|none/i);
    }
    const empty = tableSection('None', [text('')], [], { empty: 'no rows' });
    for (const shown of all(reportOf(empty))) assert.match(shown, /no rows/);
  });

  it('explains a mark only where a cell has it', () => {
    const note = itemSection('Caveats', [{ text: 'too few', explains: '*' }], { empty: 'none found' });
    for (const shown of all(reportOf(TABLE, note))) assert.match(shown, /too few/);
    for (const shown of all(reportOf(note))) assert.match(shown, /none found/);
  });

  it('drops the columns that may leave where a terminal is narrow', () => {
    assert.match(reportText(reportOf(TABLE), { width: 80 }), /p99/);
    assert.doesNotMatch(reportText(reportOf(TABLE), { width: 36 }), /p99/);
  });

  it('lets no text become markup, a control or a line of its own', () => {
    const marked = tableSection(
      NASTY,
      [text(NASTY), text('')],
      [{ cells: [NASTY, NASTY], tone: 'bad', below: [{ text: NASTY }] }],
      {
        isMarked: true,
      },
    );
    const sections = [
      { title: '', blocks: [verdict('bad', NASTY, [NASTY])] },
      listSection(NASTY, 'bad', [NASTY]),
      marked,
    ];
    const [terminal = '', page = '', markdown = ''] = all({ ...reportOf(...sections), title: NASTY });
    for (const line of `${terminal}\n${markdown}`.split('\n')) assert.doesNotMatch(line, /\p{Cc}|\u202e|^## g/u);
    assert.doesNotMatch(markdown, /<img|[^\\]`c|[^\\]\*d/);
    assert.doesNotMatch(page, /<img|\u202e/);
    assert.doesNotMatch(page.replaceAll('\n', ''), /\p{Cc}/u);
  });
});
