import process from 'node:process';
import { describeOldNode } from './check-node.ts';

const problem = describeOldNode(process.versions.node);
if (problem === undefined) {
  const { runProcess } = await import('./run-process.ts');
  await runProcess();
} else {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 2;
}
