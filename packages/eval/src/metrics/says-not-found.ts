/**
 * Whether words alone say that the document does not tell. English, and a rule of thumb: the first sentence has
 * one of the usual phrases and no turn (`but`, `although`) after which an answer could follow, and no later
 * sentence begins with `However`. A judge model would know better; this one is free and always the same.
 */

const phrases = [
  // "does not mention", "isn't stated", "not explicitly provided", "did not say"
  /(?:\bnot|n't)(?: \w+)? (?:mention|sa(?:y|id)|tell|told|stat|specif|contain|provid|giv|discuss|describ|includ|reveal|indicat|disclos|answer|know)/,
  // "cannot be determined", "unable to answer", "can't tell", "not possible to say"
  /(?:\b(?:can ?not|unable to|(?:im|not )possible to)|can't|couldn't|could not)(?: be)? (?:\w+ )?(?:answer|determin|find|found|tell|sa(?:y|id)|infer|know|identif|conclu)/,
  /\b(?:no|not enough|insufficient|lacks?(?: any)?)(?: \w+)? (?:information|mention|answer|details?|evidence|indication|data)\b/,
  /\bnot (?:found|available|known|present|answerable|enough|sufficient)\b/,
  /\b(?:unanswerable|no answer|no idea|not sure)\b|\bunknown\W*$/,
  /^\W*n\/?a\W*$/,
];

/** Whether the prediction abstains by its words; an empty one does. */
export function saysNotFound(prediction: string): boolean {
  const text = prediction.toLowerCase().replaceAll('’', "'").trim();
  const [first = '', ...rest] = text.split(/(?<=[.!?])\s+|\n+/);
  if (first === '') return true;
  if (/\b(?:but|although|though|however)\b/.test(first)) return false;
  if (rest.some((sentence) => /^however\b/.test(sentence))) return false;
  return phrases.some((phrase) => phrase.test(first));
}
