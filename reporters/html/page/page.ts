/*!
 * Contains uPlot, https://github.com/leeoniya/uPlot
 *
 * The MIT License (MIT)
 *
 * Copyright (c) 2022 Leon Sorokin
 *
 * Permission is hereby granted, free of charge, to any person obtaining a copy
 * of this software and associated documentation files (the "Software"), to deal
 * in the Software without restriction, including without limitation the rights
 * to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
 * copies of the Software, and to permit persons to whom the Software is
 * furnished to do so, subject to the following conditions:
 *
 * The above copyright notice and this permission notice shall be included in
 * all copies or substantial portions of the Software.
 *
 * THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
 * IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
 * FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
 * AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
 * LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
 * OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN
 * THE SOFTWARE.
 */

/** Script of a page. Draws the charts embedded in it as data, in the colors of its theme. */
import 'uplot/dist/uPlot.min.css';
import './page.css';
import type { LaneChart } from '../../document/lanes.js';
import type { Plotted } from '../../document/plotted.js';
import { draw } from './draw.js';
import { drawLanes } from './lanes.js';

const charts = JSON.parse(document.getElementById('charts')?.textContent ?? '[]') as Plotted[];
const places = [...document.querySelectorAll<HTMLElement>('.plot')];
let drawn: ReturnType<typeof draw>[] = [];

function drawAll(): void {
  for (const plot of drawn) plot.destroy();
  drawn = charts.map((chart, index) => draw(places[index]!, chart));
}

drawAll();

const lanes = JSON.parse(document.getElementById('lanes')?.textContent ?? '[]') as LaneChart[];
const swimming = [...document.querySelectorAll<HTMLElement>('.lanes')].map((place, index) => ({
  place,
  redraw: drawLanes(place, lanes[index]!),
}));
const widths = new ResizeObserver(() => {
  for (const [index, plot] of drawn.entries()) {
    const { clientWidth: width } = places[index]!;
    if (width > 0 && width !== plot.width) plot.setSize({ width, height: plot.height });
  }
});
for (const place of places) widths.observe(place);
for (const { place, redraw } of swimming) new ResizeObserver(redraw).observe(place);

// A table that is wider than its room says so.
const tables = new ResizeObserver((all) => {
  for (const { target } of all) target.classList.toggle('more', target.scrollWidth > target.clientWidth + 1);
});
for (const table of document.querySelectorAll('.scroll')) tables.observe(table);

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  drawAll();
  for (const { redraw } of swimming) redraw();
});
// Paper is white.
addEventListener('beforeprint', () => {
  document.documentElement.dataset.theme = 'light';
  drawAll();
});
addEventListener('afterprint', () => {
  delete document.documentElement.dataset.theme;
  drawAll();
});
