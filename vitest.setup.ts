import { configureGlobal } from 'fast-check';

/** The same cases in every run; `FC_SEED=n` looks for others. */
configureGlobal({ seed: Number(process.env['FC_SEED'] ?? 20_261_121) });
