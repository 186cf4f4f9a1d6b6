import { z } from 'zod';
import type { Checkpoint } from './checkpoint.ts';

/** A checkpoint as servers list it. */
export const checkpointForm = z
  .object({
    checkpoint_id: z.string(),
    checkpoint_type: z.enum(['training', 'sampler', 'external']),
    time: z.string(),
    tinker_path: z.string(),
    size_bytes: z.number().nullish(),
    public: z.boolean().nullish(),
    expires_at: z.string().nullish(),
  })
  .transform((checkpoint): Checkpoint => ({
    checkpointId: checkpoint.checkpoint_id,
    checkpointType: checkpoint.checkpoint_type,
    time: checkpoint.time,
    path: checkpoint.tinker_path,
    sizeBytes: checkpoint.size_bytes ?? undefined,
    public: checkpoint.public ?? false,
    expiresAt: checkpoint.expires_at ?? undefined,
  }));

/** Where a list goes on. */
export const cursorForm = z.object({ total_count: z.number().int() }).nullish();
