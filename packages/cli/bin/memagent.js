#!/usr/bin/env node
// In the repository before anything is built, so that npm links the command when it installs a clone.
import process from 'node:process';

try {
  await import('../dist/bin.js');
} catch (error) {
  if (error.code !== 'ERR_MODULE_NOT_FOUND' || !/dist.bin\.js/.test(error.message)) throw error;
  process.stderr.write('memagent is not built yet. Build it: npm run build\n');
  process.exitCode = 1;
}
