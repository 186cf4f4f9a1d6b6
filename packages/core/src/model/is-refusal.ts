/**
 * Tells a refusal from an answer by its words. Replies are asked for again when they are refused, and old memories
 * are kept, so what only begins like a refusal must not pass for one: each sentence has to be part of it.
 */
import { splitSentences } from '../text/split-sentences.ts';

/** A refusal is short; longer replies say something. */
const longest = 400;

const apology = String.raw`(?:(?:i['’]?m|i am|we['’]?re|we are)?\s*(?:very |really |so )?sorry|(?:my )?apologies|i (?:apologi[sz]e|regret)|unfortunately)`;
const cannot = String.raw`(?:can['’]?t|cannot|can not|could ?n['’]?t|won['’]?t|will not|(?:am|['’]m|are|['’]re) (?:unable|not able|not allowed|not permitted) to|(?:must |have to )?(?:decline|refuse) to)`;
const act = String.raw`(?:help|assist|comply|continue|engage|proceed|do|answer|discuss|provide|produce|generate|create|write|process|respond to|fulfil?l|complete|support|share|offer)`;
/** What is refused: the request itself, or what no document is asked for. */
const object = String.raw`(?:(?: you)?(?: with| to| in)?(?: (?:that|this|it|anything|(?:your|the|this|that|any|such(?: an?)?) (?:specific )?(?:requests?|questions?|tasks?|topics?|conversation|content|text|material|type of request|kind of request)|(?:any |further |more |such |that |this |the requested )?(?:help|assistance|advice|guidance|instructions?|information|content|details|support)))?(?: (?:you (?:asked|are asking|['’]re asking) for|you requested|here|further|any further|right now|at this time|anymore))?)`;
/** A reason that lies with the model, not with the document. */
const reason = String.raw`(?:,? (?:because|as|since|for) [^.]*\b(?:guidelines?|polic(?:y|ies)|principles|terms|rules|harmful|unsafe|illegal|inappropriate|sensitive|safety|ethical|language model|an ai)\b[^.]*)?`;
const asAi = String.raw`(?:as an ai(?: language)?(?: model| assistant)?,?\s*)?`;

const refusal = new RegExp(
  `^(?:${apology}[,.;:—–-]*\\s*)?(?:but |however,? )?${asAi}(?:i|we)\\s?(?:(?:must |have to )(?:decline|refuse)|${cannot} ${act}${object})${reason}$`,
  'i',
);
const courtesy = new RegExp(
  [
    `^${apology}(?: for (?:the|any) inconvenience| about that)?$`,
    String.raw`^i['’]?(?:m| am) (?:just |only )?an ai\b[^.]*$`,
    String.raw`^it (?:goes|is) against my [^.]*$`,
    String.raw`^(?:this|that|it|the (?:request|content|text)) (?:violates|goes against|is against|may violate) [^.]*\b(?:guidelines?|polic(?:y|ies)|principles|terms)$`,
    String.raw`^(?:is|if) there(?:['’]?s)? (?:anything|something) else\b[^.]*$`,
    String.raw`^(?:please )?(?:let me know|feel free|ask me|try (?:asking|rephrasing))\b[^.]*$`,
    String.raw`^(?:but )?i['’](?:m|d be|ll be) happy to (?:help|assist)\b[^.]*$`,
    String.raw`^(?:thank you|thanks)\b[^.]*$`,
  ].join('|'),
  'i',
);

/** Whether a reply is a refusal and nothing else. */
export function isRefusal(text: string): boolean {
  if (text === '' || text.length > longest) return false;
  const sentences = splitSentences(text)
    .map(({ start, end }) => bare(text.slice(start, end)))
    .filter((sentence) => sentence !== '');
  return (
    sentences.some((sentence) => refusal.test(sentence)) &&
    sentences.every((sentence) => refusal.test(sentence) || courtesy.test(sentence))
  );
}

function bare(sentence: string): string {
  return sentence
    .replaceAll(/\s+/g, ' ')
    .replace(/^[\s"'“*_]+/, '')
    .replace(/[\s"'”*_.!?]+$/, '');
}
