import { fileURLToPath } from 'node:url';

/** Rows of openly licensed data sets as they were published; `data/ATTRIBUTION.md` says whose. */
export const sample = (name: string): string => pathOf(`../../data/samples/${name}`);

/** Rows that we wrote in the format of data sets whose texts may not be passed on. */
export const fixture = (name: string): string => pathOf(`fixtures/${name}`);

function pathOf(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}
