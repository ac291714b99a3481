/** Place where the machines of one run exchange short texts by name. Later texts replace earlier ones. */
export interface MeetingPoint {
  put(name: string, text: string): Promise<void>;
  get(name: string): Promise<string | undefined>;
  /** Milliseconds that this machine's clock is ahead of the meeting point's. */
  clockOffset(): Promise<number>;
  close(): Promise<void>;
}
