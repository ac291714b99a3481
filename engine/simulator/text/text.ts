import { randomSource } from '../../random.js';
import { CHINESE, ENGLISH, type Vocabulary } from './vocabulary.js';

export type Language = 'english' | 'chinese';

/** Piece of emitted text, and its JSON string, escaped only once. */
export interface Token {
  readonly text: string;
  readonly json: string;
  /** Number of tokens joined in it; default 1. */
  readonly tokens?: number;
}

/** Token of any text. */
export function tokenOf(text: string): Token {
  return { text, json: JSON.stringify(text) };
}

type Phrase = readonly Token[];

interface Phrases {
  readonly comma: Phrase;
  readonly fullStop: Phrase;
  readonly openers: readonly Phrase[];
  readonly joints: readonly Phrase[];
  readonly subjects: readonly Phrase[];
  /** Subjects that begin a sentence. */
  readonly leads: readonly Phrase[];
  readonly verbs: readonly Phrase[];
  readonly objects: readonly Phrase[];
}

const PHRASES: Readonly<Record<Language, Phrases>> = { english: phrasesOf(ENGLISH), chinese: phrasesOf(CHINESE) };

function phrasesOf(vocabulary: Vocabulary): Phrases {
  const phrase = (words: string) => words.split(' ').map((word) => tokenOf(vocabulary.glue + word));
  const capital = (words: string) => phrase(words.charAt(0).toUpperCase() + words.slice(1));
  return {
    comma: [tokenOf(vocabulary.comma)],
    fullStop: [tokenOf(vocabulary.fullStop)],
    openers: vocabulary.openers.map(capital),
    joints: vocabulary.joints.map(phrase),
    subjects: vocabulary.subjects.map(phrase),
    leads: vocabulary.subjects.map(capital),
    verbs: vocabulary.verbs.map(phrase),
    objects: vocabulary.objects.map(phrase),
  };
}

/** Generates endless sentences, reproducible by seed. The first token has no space before it. */
export function* textFrom(language: Language, seed: number): Generator<Token, never> {
  const phrases = PHRASES[language];
  const random = randomSource(seed);
  const pick = (from: readonly Phrase[]): Phrase => from[Math.floor(random() * from.length)]!;

  function* sentence(): Generator<Token, void> {
    const form = random();
    if (form < 0.35) {
      yield* pick(phrases.openers);
      yield* phrases.comma;
      yield* pick(phrases.subjects);
    } else {
      yield* pick(phrases.leads);
    }
    yield* pick(phrases.verbs);
    yield* pick(phrases.objects);
    if (form > 0.7) {
      yield* phrases.comma;
      yield* pick(phrases.joints);
      yield* pick(phrases.subjects);
      yield* pick(phrases.verbs);
      yield* pick(phrases.objects);
    }
    yield* phrases.fullStop;
  }

  let first = true;
  for (;;) {
    for (const token of sentence()) {
      yield first ? tokenOf(token.text.trimStart()) : token;
      first = false;
    }
  }
}
