/** How far the tiny model's engine is from PyTorch: prints the largest differences from what torch-parity.py wrote. */
import { fileURLToPath } from 'node:url';
import { compareWithTorch } from '../packages/train/src/testing/compare-with-torch.ts';

const fixtures = fileURLToPath(new URL('../packages/train/src/tiny/fixtures/torch', import.meta.url));
console.log(await compareWithTorch(process.argv[2] ?? fixtures));
