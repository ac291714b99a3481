/** Surroundings of a report that is sent during the run. */
export interface LiveSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Shows a line to the user. */
  readonly tell: (text: string) => void;
  /** Aborted when the user wants to leave after the run, without waiting. */
  readonly leaving: AbortSignal;
}
