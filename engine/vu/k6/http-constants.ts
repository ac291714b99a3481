const REASONS = [
  ...['unspecified', 'key_compromise', 'ca_compromise', 'affiliation_changed', 'superseded'],
  ...['cessation_of_operation', 'certificate_hold', 'remove_from_crl', 'privilege_withdrawn', 'aa_compromise'],
];

const STATUSES = ['good', 'revoked', 'server_failed', 'unknown'];

/** Constants of `k6/http`. */
export const CONSTANTS: Readonly<Record<string, string>> = {
  ...{ TLS_1_0: 'tls1.0', TLS_1_1: 'tls1.1', TLS_1_2: 'tls1.2', TLS_1_3: 'tls1.3' },
  ...Object.fromEntries(STATUSES.map((status) => [`OCSP_STATUS_${status.toUpperCase()}`, status])),
  ...Object.fromEntries(REASONS.map((reason) => [`OCSP_REASON_${reason.toUpperCase()}`, reason])),
};
