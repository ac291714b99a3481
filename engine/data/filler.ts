import { randomSource } from '../random.js';

/**
 * Words that, with the space before them, are one token in the vocabularies of all usual models. They have three letters
 * each, so that an estimate of four characters a token finds the same number.
 */
const WORDS = (
  'act add age ago aid aim air all and any are arm art ask bad bag ban bar bed bet bid big bit box boy bus but buy can ' +
  'car cat cop cry cup cut dad day did dog due ear eat egg end eye far fat fee few fit fix fly for fun gas get got ' +
  'guy had has hat her him his hit hot how ice ill its job key kid law lay led leg let lie lot low mad man map may ' +
  'men met mix mom net new nor not now odd off oil old one our out own pay per pop put ran raw red rid row run sad saw ' +
  'say sea see set she sit six sky son sum sun tax tea ten the tie tip too top toy try two use war was way web wet ' +
  'who why win yes yet you'
).split(' ');

/** A text of so many tokens, by an estimate that holds within a few per cent; the same for the same seed. */
export function fillerText(tokens: number, seed: number): string {
  const random = randomSource(seed);
  const words = new Array<string>(tokens);
  for (let i = 0; i < tokens; i += 1) words[i] = WORDS[Math.floor(random() * WORDS.length)] ?? '';
  return words.join(' ');
}
