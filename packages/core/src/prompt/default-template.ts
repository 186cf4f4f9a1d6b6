import { defaultTemplateText } from './default-template-text.ts';
import { parseTemplate, type PromptTemplate } from './template.ts';

/** The prompt template that is used unless another one is given. */
export const defaultTemplate: PromptTemplate = parseTemplate(defaultTemplateText, 'default');
