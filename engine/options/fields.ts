import { field } from '../schema.js';

/** A boolean. */
export const yesOrNo = field('true or false', (input) => (typeof input === 'boolean' ? input : undefined));
