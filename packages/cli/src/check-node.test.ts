import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeOldNode } from './check-node.ts';

test.each(['18.20.4', '20.19.0', '22.12.9', '21.7.0'])('Node %s is told what to do', (version) => {
  const text = describeOldNode(version);
  expect(text).toContain(`this is Node ${version}`);
  expect(text).toContain('22.13');
  expect(text).toContain('https://nodejs.org');
});

test.each(['22.13.0', '22.22.1', '24.1.0', '26.0.0'])('Node %s will do', (version) => {
  expect(describeOldNode(version)).toBeUndefined();
});

test('the program checks Node before it loads anything that an old one could stumble over', () => {
  const bin = readFileSync(new URL('bin.ts', import.meta.url), 'utf8');
  const statics = [...bin.matchAll(/^import .* from '(.*)';$/gm)].map(([, name]) => name);
  expect(statics).toEqual(['node:process', './check-node.ts']);
  expect(readFileSync(new URL('check-node.ts', import.meta.url), 'utf8')).not.toMatch(/^import /m);
});

test('with an old Node the program ends with 2 and says why', () => {
  const code = `
    Object.defineProperty(process.versions, 'node', { value: '20.11.0' });
    await import(${JSON.stringify(new URL('bin.ts', import.meta.url).href)});
  `;
  const { status, stderr, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    encoding: 'utf8',
  });
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain('memagent needs Node 22.13 or newer; this is Node 20.11.0');
});
