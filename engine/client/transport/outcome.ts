/**
 * State of the socket after a response. `ended`: complete, and the socket can carry another request. `left`: the answer
 * is complete and its body still open. `broken`: incomplete, or stopped by us. `dead`: a reused socket broke before any
 * byte of the response.
 */
export type Outcome = 'ended' | 'left' | 'broken' | 'dead';
