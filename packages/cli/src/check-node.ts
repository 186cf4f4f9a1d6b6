/**
 * The check that comes before everything else. This file and `bin.ts` must run on Node 18, so that an old
 * Node gets a sentence instead of a syntax error from somewhere deep.
 */

/** The first version with `node:sqlite` that needs no flag. */
const least = [22, 13];

/** What to tell the user of a Node that is too old; undefined when `version` (such as `22.13.0`) will do. */
export function describeOldNode(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = least;
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return undefined;
  return (
    `memagent needs Node ${leastMajor}.${leastMinor} or newer; this is Node ${version}.\n` +
    'Install the current release from https://nodejs.org, or run it once without installing anything:\n' +
    '  npx -p node@24 -p memagent memagent --help'
  );
}
