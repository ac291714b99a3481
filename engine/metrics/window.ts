import type { Phase } from './series.js';

/** Half-open window [from, to) of the run. Milliseconds since the load started. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** Phase of something that began at `at`. */
export function phaseAt(steady: Window, at: number): Phase {
  return at >= steady.from && at < steady.to ? 'steady' : 'outside';
}

/** Length of [from, to) inside the window, in milliseconds. */
export function overlap(window: Window, from: number, to: number): number {
  return Math.max(0, Math.min(window.to, to) - Math.max(window.from, from));
}

/** The window's length in seconds; 0 for an empty one. */
export function secondsOf(window: Window): number {
  return Math.max(0, window.to - window.from) / 1000;
}
