/**
 * Trains a model on a server of the Tinker API and samples from it: a supervised step, then one of a policy.
 *
 *     node examples/train.ts http://localhost:8000 Qwen/Qwen3-8B
 */
import {
  checkClipThresholds,
  createTinkerClient,
  policyDatum,
  tokens,
  weightedDatum,
} from '@memagent/tinker';

const [baseUrl = 'http://localhost:8000', baseModel = 'Qwen/Qwen3-8B'] = process.argv.slice(2);
const { TINKER_API_KEY: apiKey } = process.env;

const tinker = createTinkerClient({
  baseUrl,
  ...(apiKey && { apiKey }),
  onEvent: (event) => {
    if (event.type === 'queue-state') console.error(`${event.operation} is ${event.state}`);
  },
});
await using session = await tinker.openSession();
const model = await session.createModel({ baseModel, lora: { rank: 8, seed: 1 } });

// Supervised: say 6 7 after 5. The step is sent while the server still computes the gradient.
const pass = model.forwardBackward([weightedDatum([5, 6, 7], [0, 1, 1])], { name: 'cross_entropy' });
const step = model.optimStep({ learningRate: 1e-4 });
console.log('loss', (await pass).metrics['loss:sum']);
await step;

// A policy: sample a group, reward what is liked, and push towards it within the clip thresholds.
const thresholds = { clipLowThreshold: 0.8, clipHighThreshold: 1.28 };
const check = await checkClipThresholds(model, thresholds, { sequence: [5, 6, 7] });
console.log(check.status, '-', check.message);

const prompt = [5, 6];
const sampler = await model.createSampler();
const { sequences } = await sampler.sample({ prompt: tokens(prompt), samples: 4, maxTokens: 2 });
const rewards = sequences.map((sequence) => (sequence.tokens.includes(6) ? 1 : 0));
const mean = rewards.reduce((sum: number, reward) => sum + reward, 0) / rewards.length;
const group = sequences.map(({ tokens: sampled, logprobs }, index) => {
  const ofPrompt = prompt.map(() => 0);
  const advantage = rewards[index]! - mean;
  return policyDatum(
    [...prompt, ...sampled],
    [...ofPrompt, ...logprobs!],
    [...ofPrompt, ...Array.from(sampled, () => advantage)],
  );
});
await Promise.all([
  model.forwardBackward(group, { name: 'ppo', ...thresholds }),
  model.optimStep({ learningRate: 1e-5 }),
]);
console.log('saved', await model.saveWeights('example'));
await model.unload();
