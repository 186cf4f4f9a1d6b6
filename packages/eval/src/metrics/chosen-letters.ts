/**
 * Finds which of the offered choices a reply takes, in the forms that models use, surest first. A letter counts
 * only where it stands as a choice: never inside a word, and `A` not where it is the article.
 */
import { normalizeAnswer } from './normalize-answer.ts';

/** Choices by capital letter; a text may be '' where it is not known. */
export type Choices = ReadonlyMap<string, string>;

const letter = String.raw`\(?\b([A-Z])\b\)?(?![’'-]\w)`;
/** `A dog`: the article, unless a reason follows (`A because …`). */
const notArticle = String.raw`(?!(?<=\bA)\s+(?!(?:because|since|as|and|is|or)\b)\p{Ll})`;
const letters = String.raw`${letter}${notArticle}(?:\s*(?:,|and|&|,\s*and)\s*\(?\b[A-Z]\b\)?)*`;

const alone = /^[\s"'([]*[A-Z](?:[\s,;&/]*(?:and\s+)?\(?[A-Z]\)?)*[\s"')\].]*$/;
const answerIs = new RegExp(
  String.raw`\b(?:[Aa]nswers?|ANSWERS?)(?:\s+(?:is|are|would be|should be|must be))?\s*[:=]?\s*(?:[Oo]ption\s+|[Cc]hoice\s+)?(${letters})`,
  'gu',
);
const isRight = new RegExp(
  String.raw`(${letter})\s+(?:is|seems)\s+(?:the\s+)?(?:correct|right|best|true)\b`,
  'gu',
);
const leading = /^\s*(?:\(([A-Z])\)|([A-Z])(?:[).:]|\s[-–—]\s|\n|,?\s(?:because|since)\b))/;
const bracketed = /\(([A-Z])\)/g;

/** The letters taken, in alphabetical order; none when the reply does not say, or says two things. */
export function chosenLetters(reply: string, choices: Choices): string[] {
  const text = reply.replaceAll(/[*_`]/g, '').trim();
  const known = (found: Iterable<string>): string[] =>
    [...new Set(found)].filter((one) => choices.has(one)).toSorted();

  if (/^\W*\p{Ll}\W*$/u.test(text)) return known(capitals(text.toUpperCase()));
  const whole = lettersOfText(choices, (choice) => choice === normalizeAnswer(text));
  if (whole.length === 1) return whole;
  if (alone.test(text)) return known(capitals(text));
  const stated = [...text.matchAll(answerIs)].at(-1) ?? [...text.matchAll(isRight)].at(-1);
  if (stated) return known(capitals(stated[1] ?? ''));
  const first = leading.exec(text);
  if (first) return known([first[1] ?? first[2] ?? '']);
  const inBrackets = known([...text.matchAll(bracketed)].map(([, one = '']) => one));
  if (inBrackets.length === 1) return inBrackets;
  return containedChoice(text, choices);
}

function capitals(text: string): string[] {
  return text.match(/[A-Z]/g) ?? [];
}

/** The one choice whose text the reply contains; one that is part of another (`red`, `dark red`) gives way to it. */
function containedChoice(text: string, choices: Choices): string[] {
  const reply = ` ${normalizeAnswer(text)} `;
  const inReply = (choice: string): boolean => reply.includes(` ${choice} `);
  const texts = [...choices.values()].map(normalizeAnswer).filter(inReply);
  const found = lettersOfText(
    choices,
    (choice) =>
      inReply(choice) && !texts.some((other) => other !== choice && ` ${other} `.includes(` ${choice} `)),
  );
  return found.length === 1 ? found : [];
}

function lettersOfText(choices: Choices, matches: (choice: string) => boolean): string[] {
  return [...choices].flatMap(([one, text]) => {
    const choice = normalizeAnswer(text);
    return choice !== '' && matches(choice) ? [one] : [];
  });
}
