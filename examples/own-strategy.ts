/** A strategy of your own: read every second section only, and say so. Durable and resumable like the others. */
import { createMemoryRunStore, read, type Strategy, upperBound } from 'memagent';

const everySecond: Strategy = {
  name: 'every-second',
  async run(run) {
    let memory = { text: '' };
    for await (const section of run.sections()) {
      if (section.number % 2 === 1)
        memory = await run.update(`update/${section.number}`, { memory, section });
    }
    return { answer: await run.answer('answer', { memory }), memory };
  },
  estimate: ({ sections, tokens }, window) =>
    upperBound(window, { updates: Math.ceil(sections / 2), updateTokens: Math.ceil(tokens / 2), answers: 1 }),
};

const { answer, strategy } = await read({
  question: 'Where does Boris live?',
  source: 'Anna lives in Moscow. Boris lives in Kazan. Clara lives in Tver.',
  strategy: everySecond,
  store: createMemoryRunStore(),
}).result;
console.log(`${strategy}: ${answer}`);
