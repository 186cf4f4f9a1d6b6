/**
 * An answer as JSON that follows a schema. The model is shown the schema and asked for
 * `{ "found": …, "answer": … }`; providers that can hold it to a schema do.
 */
import { removeTrailingMarks } from '../citation/trailing-marks.ts';
import type { Json } from '../json.ts';
import { isNotFound } from '../prompt/not-found.ts';
import type { PromptTemplate } from '../prompt/template.ts';
import type { AnswerSchema } from './answer-schema.ts';
import type { Judgement } from './ask-for-json.ts';

/** Tokens that are kept free for what was wrong with a reply. */
export const problemTokens = 160;

/** An answer that follows the schema, marks and all, or undefined for "not found". */
export interface StructuredAnswer {
  found: boolean;
  /** As the model wrote it: texts may end in section marks, which the schema is not asked about. */
  object?: Json;
}

/** Judges replies by a schema: wrapped as they were asked for, or, since models forget that, the bare answer. */
export function judgeAnswer(
  schema: AnswerSchema,
  template: PromptTemplate,
): (json: Json) => Promise<Judgement<StructuredAnswer>> {
  return async (json) => {
    if (typeof json === 'string' && isNotFound(json, template)) return { accepted: { found: false } };
    const wrapped = isWrapped(json);
    if (wrapped && json.found === false && json.answer === null) return { accepted: { found: false } };
    const object = wrapped ? json.answer : json;
    const checked = await schema.check(removeTrailingMarks(object));
    if (checked.problem === undefined) return { accepted: { found: true, object } };
    return { problem: wrapped ? `in "answer", ${checked.problem}` : checked.problem };
  };
}

function isWrapped(json: Json): json is { found: boolean; answer: Json } {
  return (
    typeof json === 'object' && json !== null && !Array.isArray(json) && 'found' in json && 'answer' in json
  );
}
