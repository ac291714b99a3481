import { relative } from 'node:path';
import { drawsOf } from '../data/draw-count.js';
import type { SharedDataset } from '../data/shared-dataset.js';
import type { DatasetUse } from '../metrics/snapshot.js';

/** Usage of each data set drawn from, in opening order. */
export function datasetUse(datasets: readonly SharedDataset[]): readonly DatasetUse[] {
  // Each worker reads a data set that only some users open; they count as one.
  const byKey = new Map(datasets.map((dataset) => [dataset.key, dataset]));
  return [...byKey.values()].flatMap(({ key, rows, salted }) => {
    const { draws, distinct } = drawsOf(datasets.filter((one) => one.key === key).map(({ counts }) => counts));
    if (draws === 0) return [];
    const file = relative(process.cwd(), rows.path);
    return { file, rows: rows.starts.length, draws, distinct, repeats: draws - distinct, salted };
  });
}
