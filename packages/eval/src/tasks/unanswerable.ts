/** A question that the document does not answer, though it says the same of things with similar names. */
import { defineTask } from './define-task.ts';
import { hideInHaystack } from './fill-room.ts';
import { randomNumbers } from './random-values.ts';

export const unanswerable = defineTask({
  name: 'unanswerable',
  description: 'A question without an answer, beside answers to similar ones.',
  metric: 'abstention',
  outputTokens: 64,
  parameters: {
    similar: { default: 3, least: 0, most: 100, description: 'Statements about things with similar names.' },
  },
  async draft(brief) {
    const { similar } = brief.parameters;
    const { adjectives, nouns } = await brief.materials.vocabulary();
    const random = brief.random('statements');
    const [adjective, ...otherAdjectives] = random.sample(adjectives, similar + 1);
    const [noun, ...otherNouns] = random.sample(nouns, similar + 1);
    const statements = randomNumbers(random, similar).map((number, index) => {
      // By turns the first word is the same and the second.
      const name =
        index % 2 === 0 ? `${adjective}-${otherNouns[index]}` : `${otherAdjectives[index]}-${noun}`;
      return { text: `The registration number of the ${name} is ${number}.`, depth: random.fraction() };
    });
    const question = `What is the registration number of the ${adjective}-${noun}?`;
    const { spans: _spans, haystack, ...document } = await hideInHaystack(brief, question, statements);
    return {
      question,
      answers: [],
      unanswerable: true,
      ...document,
      evidence: [],
      meta: { haystack },
    };
  },
});
