import { isStopWord } from './content-words.ts';
import { wordsIn } from './words.ts';

/**
 * The names of one sentence: runs of capitalised words, and acronyms. A first word has its capital anyway: it
 * counts (`Barclay commands …`) unless it is a stop word (`The`) or ends like an adverb or participle
 * (`Finally`, `Located`). In languages that capitalise all nouns every noun is a name; scripts without capitals
 * have none.
 */
export function namesIn(sentence: string): string[] {
  const names: string[] = [];
  let run: string[] = [];
  const endRun = (): void => {
    if (run.length > 0) names.push(run.join(' '));
    run = [];
  };
  let position = 0;
  let first = true;
  for (const word of wordsIn(sentence)) {
    const at = sentence.indexOf(word, position);
    // Words of one name are set apart by a space, a hyphen or an initial's dot, nothing else.
    if (!/^[\s-]*$/.test(sentence.slice(position, at).replace(/^\./, ''))) endRun();
    if (isCapitalized(word) && !isStopWord(word) && !(first && isOpener(word))) run.push(word);
    else endRun();
    position = at + word.length;
    first = false;
  }
  endRun();
  return names;
}

function isCapitalized(word: string): boolean {
  return /^(?:\p{Lu}|\p{Ll}+\p{Lu})/u.test(word);
}

/** Words that open a sentence without being a name, told by their ending. */
function isOpener(word: string): boolean {
  return /^\p{Lu}\p{Ll}+(?:[a-z]{3}ly|ing|ed)$/u.test(word);
}
