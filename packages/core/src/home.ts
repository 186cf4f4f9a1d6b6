import envPaths from 'env-paths';

/** The folder where memagent keeps everything unless it is told otherwise: the platform's data folder. */
export function defaultHome(): string {
  return envPaths('memagent', { suffix: '' }).data;
}
