import type { Browser, Page } from 'playwright-core';

/** Screens and paper that pages are read on. */
const VIEWS = [
  { width: 390, scheme: 'light', media: 'screen' },
  { width: 390, scheme: 'dark', media: 'screen' },
  { width: 1600, scheme: 'light', media: 'screen' },
  { width: 1600, scheme: 'dark', media: 'screen' },
  // A4 between usual margins.
  { width: 720, scheme: 'light', media: 'print' },
] as const;

/** Problems of legibility on every screen and on paper: `390 light: … over …`. */
export async function illegible(browser: Browser, url: string): Promise<readonly string[]> {
  const all: string[] = [];
  for (const { width, scheme, media } of VIEWS) {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: scheme });
    await page.goto(url);
    if (media === 'print') {
      await page.evaluate(`dispatchEvent(new Event('beforeprint'))`);
      await page.emulateMedia({ media });
    }
    await page.evaluate(`document.querySelectorAll('details').forEach((each) => { each.open = true; })`);
    const found = await problemsOf(page);
    all.push(...found.map((text) => `${width} ${media === 'print' ? media : scheme}: ${text}`));
    await page.close();
  }
  return all;
}

/** Texts over others, cut off, or out of sight, by their boxes. */
function problemsOf(page: Page): Promise<string[]> {
  return page.evaluate(`(() => {
    const problems = [];
    const said = (element) => element.textContent.trim().slice(0, 40);
    const shown = (element) => element.getClientRects().length > 0;
    for (const svg of [...document.querySelectorAll('figure .drawn > div > svg')].filter(shown)) {
      const frame = svg.getBoundingClientRect();
      const texts = [...svg.querySelectorAll('text')].map((element) => ({ element, box: element.getBoundingClientRect() }));
      const name = svg.getAttribute('aria-label');
      texts.forEach(({ element, box }, index) => {
        const isCut = box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1;
        if (isCut) problems.push('cut off: ' + said(element) + ' in ' + name);
        for (const { element: other, box: its } of texts.slice(index + 1)) {
          const across = Math.min(box.right, its.right) - Math.max(box.left, its.left);
          const down = Math.min(box.bottom, its.bottom) - Math.max(box.top, its.top);
          if (across > 1 && down > 3) problems.push(said(element) + ' over ' + said(other) + ' in ' + name);
        }
      });
    }
    const cells = [...document.querySelectorAll('h1, h2, h3, p, li, th, td, summary, .card, .chips span, .legend span')].filter(shown);
    for (const element of cells) {
      const box = element.getBoundingClientRect();
      const table = element.closest('.scroll');
      const says = table?.classList.contains('more');
      if (box.right > innerWidth + 1 && !says) problems.push('beyond the page: ' + said(element));
      if (element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== 'inline') problems.push('wider than its box: ' + said(element));
    }
    const range = document.createRange();
    for (const cell of [...document.querySelectorAll('.scroll td:not(.text), .card b')].filter(shown)) {
      const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
      while (texts.nextNode()) {
        for (const { 0: figure, index } of texts.currentNode.data.matchAll(/\\d[^\\s…]*/g)) {
          range.setStart(texts.currentNode, index);
          range.setEnd(texts.currentNode, index + figure.length);
          const rows = new Set([...range.getClientRects()].map(({ bottom }) => Math.round(bottom)));
          if (rows.size > 1) problems.push('broken figure: ' + figure);
        }
      }
    }
    for (const table of [...document.querySelectorAll('.scroll')].filter(shown)) {
      const hidden = [...table.querySelectorAll('.good, .doubtful, .bad')].filter(
        (verdict) => verdict.getBoundingClientRect().right > table.getBoundingClientRect().right + 1,
      );
      if (hidden.length > 0) problems.push('a verdict has to be scrolled to: ' + said(hidden[0]));
    }
    return [...new Set(problems)];
  })()`);
}
