import OpenAI from 'openai';
import { type Contestant, sampling, sectionTokens } from './contestant.ts';
import { cutTokens } from './cut-tokens.ts';

/** The memory-overwrite loop as one writes it in an afternoon over the `openai` client: nothing is kept or checked. */
export function createOpenaiLoop(baseURL: string, cutting: 'cuts' | 'given'): Contestant {
  const client = new OpenAI({ baseURL, apiKey: 'none', maxRetries: 6 });

  async function ask(content: string): Promise<string> {
    const { choices } = await client.chat.completions.create({
      model: 'loopback',
      messages: [{ role: 'user', content }],
      temperature: sampling.temperature,
      top_p: sampling.topP,
      max_tokens: sampling.maxTokens,
    });
    return choices[0]?.message.content ?? '';
  }

  return {
    name: `openai loop, sections ${cutting === 'cuts' ? 'cut by itself' : 'given'}`,
    async read({ question, text, sections }) {
      let memory = '';
      let calls = 0;
      for (const section of cutting === 'given' ? sections : cutTokens(text, sectionTokens)) {
        calls += 1;
        memory = await ask(
          `Update the memory with what the section says about the question.\n\nQuestion: ${question}\n\nMemory: ${memory}\n\nSection:\n${section}\n\nThe updated memory:`,
        );
      }
      await ask(`Answer the question from the memory.\n\nQuestion: ${question}\n\nMemory: ${memory}`);
      return calls + 1;
    },
  };
}
