/**
 * A model that answers at once with a memory of about 500 tokens, another one each time, cut from `text`. Unlike
 * the scripted model it remembers nothing, so that what is measured is the agent. `onCall` hears of each call.
 *
 * @param {string} text
 * @param {() => void} [onCall]
 * @returns {import('@ai-sdk/provider').LanguageModelV4}
 */
export function createInstantModel(text, onCall = () => {}) {
  const length = 2000;
  let calls = 0;
  return {
    specificationVersion: 'v4',
    provider: 'bench',
    modelId: 'instant',
    supportedUrls: {},
    async doGenerate() {
      onCall();
      calls += 1;
      const start = (calls * 7919) % (text.length - length);
      return {
        content: [{ type: 'text', text: text.slice(start, start + length) }],
        finishReason: { unified: 'stop', raw: 'stop' },
        usage: {
          inputTokens: { total: undefined, noCache: undefined, cacheRead: undefined, cacheWrite: undefined },
          outputTokens: { total: undefined, text: undefined, reasoning: undefined },
        },
        warnings: [],
      };
    },
    doStream() {
      throw new Error('The instant model does not stream: memagent asks for whole replies.');
    },
  };
}
