import type { ChatMessage } from '../client/protocols/messages.js';
import { outside } from './outside.js';

/** A data set of prompts; each VU draws its own share of it, in an order that the seed decides, and starts over at the end. */
export interface Dataset {
  /** How many rows there are. */
  readonly size: number;
  /** Draws the next row and gives it as messages. */
  next(): ChatMessage[];
  /** Draws the next row and gives it as it stands in the file. */
  row<Row = Readonly<Record<string, unknown>>>(): Row;
}

/** Reads a data set of prompts, `.jsonl` or `.json`, at the top of the file. The path is relative to the scenario file. */
export function dataset(_path: string): Dataset {
  return outside('dataset');
}
