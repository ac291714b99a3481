import assert from 'node:assert/strict';
import { promptTimes, tileRankings, turningPoints } from '../../study/crossover.js';
import type { StudyFigures } from '../../study/study-figures.js';
import { studyMarkdown, withStudy } from '../../study/study-markdown.js';

function run(gpu: string, users: number, tpot: number, more: Partial<StudyFigures> = {}): StudyFigures {
  const figures = { ttft: 12.34, tpot, e2e: 1500, tokensPerSecond: 12_345.6, preemptions: 0 };
  return { kind: 'throughput', gpu, model: 'Qwen2.5-7B', tp: 1, users, ...figures, ...more };
}

describe('the tables of a study', () => {
  const text = studyMarkdown({
    figures: [
      run('A800 SXM', 1, 11.67, { kind: 'latency' }),
      run('A800 SXM', 64, 12.6),
      run('H20', 64, 14.1, { preemptions: 3 }),
      run('H800 SXM', 64, 8.82),
      run('H20', 64, 30, { tp: 2 }),
    ],
    turning: [{ model: 'Qwen2.5-7B', points: turningPoints('Qwen2.5-7B') }],
    prompts: promptTimes('Qwen2.5-7B', [1024]),
    tiles: tileRankings('Qwen2.5-7B'),
    users: [1, 64],
  });

  it('have a row for each run of one user, and for each deployment under load', () => {
    assert.match(text, /^\| Qwen2\.5-7B \| 1 \| A800 SXM \| 12\.3 \| 11\.7 \| 1500 \|$/m);
    assert.match(text, /^\| Qwen2\.5-7B \| 1 \| A800 SXM \| – \| 12,346 \/ 1\.5 \|$/m);
  });

  it('mark what lost its place in the cache', () => {
    assert.match(text, /^\| Qwen2\.5-7B \| 1 \| H20 \| – \| 12,346\* \/ 1\.5 \|$/m);
  });

  it('rank cards on the fewest cards that most of them have', () => {
    assert.match(text, /^\| Qwen2\.5-7B \| 1 \| 64 \| H800 SXM 8\.82 < A800 SXM 12\.6 < H20 14\.1 \|$/m);
    assert.doesNotMatch(text, /^\| Qwen2\.5-7B \| 2 \| 64 \| H20/m);
  });

  it('say what turns the order, by compute for long prompts', () => {
    assert.match(text, /^\| sequences that decode at once \| \d+ \| \d+ \| \d+ \|$/m);
    assert.match(text, /what every host needs for a step \| never \| never \| never \|$/m);
    assert.match(text, /^\| 1024 \| H800 SXM \S+ < A800 SXM \S+ < RTX 4090 \S+ < H20 \S+ \|$/m);
    assert.match(text, /^\| Qwen2\.5-7B \| 64 \| H800 SXM/m);
  });

  it('go between the markers of a page, again and again, and nowhere else', () => {
    const begin = '<!-- study: written by npm run study -- --docs docs/study.md -->';
    const page = `before\n\n${begin}\n\nold\n\n<!-- end of study -->\n\nafter\n`;
    const once = withStudy(page, 'new') ?? '';
    assert.equal(once, page.replace('old', 'new'));
    assert.equal(withStudy(once, 'new'), once);
    assert.equal(withStudy('a page without markers', 'new'), undefined);
  });
});
