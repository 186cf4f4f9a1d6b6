import { defaultTemplate } from '../prompt/default-template.ts';
import { matchStructured } from '../prompt/match-structured.ts';
import type { JsonSchema } from '../structured/json-schema.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { cutToTokens } from '../tokenizer/cut-to-tokens.ts';
import { recordsByRule } from './records-by-rule.ts';
import { createScriptedModel, promptMessages, type ScriptedModel } from './scripted-model.ts';

/** For tests: a model in this process that collects records by `recordsByRule`; replies end at the limit of tokens. */
export function createRuleModel(
  tokenizer: Tokenizer,
  change: (reply: string, index: number) => string = (reply) => reply,
): ScriptedModel {
  return createScriptedModel(
    (call, index) => {
      const matched = matchStructured(defaultTemplate, promptMessages(call));
      if (matched?.step !== 'extract') throw new Error('expected a prompt that asks for records');
      const { schema, before, section } = matched.slots;
      const records = recordsByRule(JSON.parse(schema) as JsonSchema, before, section);
      const text = change(JSON.stringify({ records }), index);
      const most = call.maxOutputTokens ?? Infinity;
      return tokenizer.count(text) <= most
        ? { text }
        : { text: cutToTokens(text, most, tokenizer), finishReason: 'length' };
    },
    { tokenizer },
  );
}
