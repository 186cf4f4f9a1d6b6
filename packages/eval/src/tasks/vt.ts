/**
 * RULER's variable tracking: chains of assignments, one per line, in order among noise. The chain that is asked
 * for begins with a number; every variable of it has that value. As in RULER a worked example comes first. It
 * stands in the document, since the question's budget is too small for it.
 */
import type { Insert } from '../documents/fill-document.ts';
import type { Random } from '../documents/random.ts';
import { defineTask } from './define-task.ts';
import { fillRoom } from './fill-room.ts';
import { noiseLine, repeatNoise } from './noise.ts';
import { randomNames, randomNumbers, risingDepths } from './random-values.ts';
import { workedExample } from './worked-example.ts';

interface Chain {
  value: string;
  names: string[];
  lines: string[];
}

const capitals = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Of the example; RULER fills 500 tokens. */
const exampleNoise = 12;

export const vt = defineTask({
  name: 'vt',
  description: 'RULER: the variables that have a value, through a chain of assignments in noise.',
  metric: 'string-match-all',
  outputTokens: 30,
  parameters: {
    chains: { default: 1, least: 1, most: 20, description: 'Chains of assignments; one is asked for.' },
    hops: { default: 4, least: 1, most: 50, description: 'Assignments after the first of a chain.' },
  },
  async draft({ parameters: { chains: count, hops }, random, room }) {
    const example = createChains(random('example'), { count: 1, hops, letters: 3 });
    const chains = createChains(random('chains'), { count, hops, letters: 5 });
    const places = random('places');
    const inserts = chains.flatMap((chain) => insertsOf(chain, places));
    const [asked] = chains as [Chain, ...Chain[]];
    const question = questionFor(asked);
    const { spans, ...document } = fillRoom(room(question), {
      head: writeExample(example[0] as Chain, random('example places')),
      filler: repeatNoise,
      inserts,
      joiner: '\n',
    });
    return {
      question,
      answers: asked.names,
      ...document,
      evidence: spans.slice(0, asked.lines.length),
      meta: { haystack: 'noise' },
    };
  },
});

function createChains(
  random: Random,
  { count, hops, letters }: { count: number; hops: number; letters: number },
): Chain[] {
  const names = randomNames(random, count * (hops + 1), { alphabet: capitals, letters });
  return randomNumbers(random, count, 5).map((value, chain) => {
    const own = names.slice(chain * (hops + 1), (chain + 1) * (hops + 1));
    const lines = own.map((name, index) => `VAR ${name} = ${index === 0 ? value : `VAR ${own[index - 1]}`}`);
    return { value, names: own, lines };
  });
}

function insertsOf({ lines }: Chain, random: Random): Insert[] {
  const depths = risingDepths(random, lines.length);
  return lines.map((text, index) => ({ text, depth: depths[index] ?? 1 }));
}

function questionFor({ value, names }: Chain): string {
  return `Which ${names.length} variables have the value ${value}, directly or by way of other variables?`;
}

function writeExample(chain: Chain, random: Random): string {
  const lines: string[] = Array.from({ length: exampleNoise }, () => noiseLine);
  const places = insertsOf(chain, random).toReversed();
  for (const { text, depth } of places) lines.splice(Math.floor(depth * exampleNoise), 0, text);
  return workedExample(lines.join('\n'), questionFor(chain), chain.names.join(', '));
}
