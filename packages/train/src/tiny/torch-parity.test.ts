import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { compareWithTorch } from '../testing/compare-with-torch.ts';

it(
  'computes the logits, losses and gradients that PyTorch and transformers do',
  { timeout: 120_000 },
  async () => {
    const folder = fileURLToPath(new URL('fixtures/torch', import.meta.url));
    const differences = await compareWithTorch(folder);
    expect(differences.logits).toBeLessThan(1e-5);
    expect(differences.logprobs).toBeLessThan(5e-5);
    expect(differences.lossesRelative).toBeLessThan(5e-5);
    expect(differences.gradients).toBeLessThan(1e-5);
    expect(differences.gradientsRelative).toBeLessThan(1e-4);
    const [ours, theirs] = differences.clipped;
    expect(ours).toBe(theirs);
    expect(theirs).toBeGreaterThan(3);
  },
);
