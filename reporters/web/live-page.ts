import { readFileSync } from 'node:fs';
import { packageFile } from '../../engine/own-files.js';
import { figures } from '../html/document.js';
import { html } from '../html/markup.js';
import { EMPTY_CHARTS } from './live-charts.js';

/** Content security policy of the page: itself, and nothing else. */
export const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; " +
  "form-action 'none'; frame-ancestors 'none'";

/** Files of the page, which have nothing of the run in them. */
const ASSETS: Readonly<Record<string, { readonly type: string; readonly file: URL }>> = {
  '/live.js': { type: 'text/javascript; charset=utf-8', file: packageFile('dist/page/live.js') },
  '/live.css': { type: 'text/css; charset=utf-8', file: packageFile('dist/page/live.css') },
};

/** The live page: places for what its script fetches. */
export function livePage(scenario: string): string {
  return `<!doctype html>\n${
    html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>${scenario} – tokenswarm</title>
<link rel="stylesheet" href="live.css">
</head>
<body>
<main>
<header>
<div class="tool">tokenswarm load test, live</div>
<h1>${scenario}</h1>
<p id="link" role="status">connecting …</p>
<div id="controls" hidden><button data-action="pause">Pause</button> <button data-action="stop">Stop</button> <span id="users"></span></div>
<p id="answer" role="status"></p>
</header>
<div id="top"></div>
<section>
<h2>Over time</h2>
${figures(EMPTY_CHARTS.map(({ lines: _, xs: __, ...chart }) => ({ ...chart, lines: [] })))}
</section>
<div id="rest"></div>
</main>
<script src="live.js"></script>
</body>
</html>`.text
  }\n`;
}

/** Content of a file of the page. */
export function asset(path: string): { readonly type: string; readonly content: Buffer } | undefined {
  const found = Object.hasOwn(ASSETS, path) ? ASSETS[path] : undefined;
  return found && { type: found.type, content: readFileSync(found.file) };
}
