/**
 * Words of one token each in common vocabularies. True with a space before them and without, for GPT-2, GPT-4 (on which
 * Qwen's and Llama 3's are based), GPT-4o and DeepSeek. They have three letters each, so that an estimate of four
 * characters per token yields the same number.
 */
export const FILLER_WORDS: readonly string[] = (
  'act add age ago aid aim air all and any are arm art ask bad bag ban bar bed bet bid big bit box boy bus but buy can ' +
  'car cat cop cup cut dad day did dog due ear eat egg end eye far fat fee few fit fix fly for fun gas get got ' +
  'had has hat her him his hit hot how ice ill its job key kid law lay led leg let lie lot low mad man map may ' +
  'men met mix mom net new nor not now odd off oil old one our out own pay per pop put ran raw red rid row run ' +
  'say sea see set she sit six sky son sum sun tax ten the tip too top try two use war was way web ' +
  'who why win yes yet you'
).split(' ');
