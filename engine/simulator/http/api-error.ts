/** A refusal that the client sees, in the shape of OpenAI's errors. */
export class ApiError extends Error {
  readonly status: number;
  readonly type: string;
  /** The field at fault. */
  readonly param: string | null;
  readonly code: string | null;

  constructor(status: number, message: string, details: { type?: string; param?: string; code?: string } = {}) {
    super(message);
    this.status = status;
    this.type = details.type ?? 'invalid_request_error';
    this.param = details.param ?? null;
    this.code = details.code ?? null;
  }

  /** The body of the response. */
  toJSON(): unknown {
    const { message, type, param, code } = this;
    return { error: { message, type, param, code } };
  }
}
