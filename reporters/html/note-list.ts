import { html, type Markup } from './markup.js';

/** Sentences of one level (`warn`, `note`, …) below a heading. Nothing where there are none. */
export function noteList(title: string, texts: readonly string[], level: string): Markup {
  if (texts.length === 0) return html``;
  return html`<section>
<h2>${title}</h2>
<ul>
${texts.map(
  (each) => html`<li class="${level}">${each}</li>
`,
)}</ul>
</section>`;
}
