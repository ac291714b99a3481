/** Ways to keep the requests of a session together. */
export interface SessionRouting {
  /** Header and field of the body that carry the session's id. A field may have dots: `session_params.id`. */
  readonly header?: string | undefined;
  readonly field?: string | undefined;
  /** True where a session's requests go to one of several servers. */
  readonly sticky: boolean;
}

/** Options of a run about sessions. */
interface RoutingOptions {
  readonly sessionHeader?: string | undefined;
  readonly sessionField?: string | undefined;
  readonly stickySessions: boolean;
}

/** Routing of sessions by the options of a run. */
export function sessionRouting({ sessionHeader, sessionField, stickySessions }: RoutingOptions): SessionRouting {
  return { header: sessionHeader?.toLowerCase(), field: sessionField, sticky: stickySessions };
}

/** Body with the session's id in a field. The script's own value of the field stays. */
export function withField(
  body: Readonly<Record<string, unknown>> = {},
  field: string,
  id: string,
): Readonly<Record<string, unknown>> {
  const dot = field.indexOf('.');
  if (dot < 0) return { [field]: id, ...body };
  const outer = field.slice(0, dot);
  const inner = body[outer];
  const given = typeof inner === 'object' && inner !== null ? (inner as Readonly<Record<string, unknown>>) : {};
  return { ...body, [outer]: withField(given, field.slice(dot + 1), id) };
}
