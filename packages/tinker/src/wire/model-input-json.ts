import { z } from 'zod';
import type { ModelInput } from '../data/model-input.ts';

const textChunk = z
  .object({ type: z.literal('encoded_text').default('encoded_text'), tokens: z.array(z.number().int()) })
  .transform(({ tokens }) => ({ type: 'text' as const, tokens }));

const imageChunk = z
  .object({
    type: z.literal('image'),
    data: z.string(),
    format: z.enum(['png', 'jpeg']),
    expected_tokens: z.number().int().nullish(),
  })
  .transform(({ data, format, expected_tokens: expectedTokens }) => ({
    type: 'image' as const,
    data: new Uint8Array(Buffer.from(data, 'base64')),
    format,
    ...(typeof expectedTokens === 'number' && { expectedTokens }),
  }));

/** A model's input in JSON. */
export const modelInputJson = z
  .object({ chunks: z.array(z.union([imageChunk, textChunk])) })
  .transform(({ chunks }): ModelInput => chunks);

/** The inverse of reading `modelInputJson`. */
export const modelInputToJson = (input: ModelInput) => ({
  chunks: input.map((chunk) =>
    chunk.type === 'text'
      ? { type: 'encoded_text', tokens: Array.from(chunk.tokens) }
      : {
          type: 'image',
          data: Buffer.from(chunk.data).toString('base64'),
          format: chunk.format,
          ...(chunk.expectedTokens !== undefined && { expected_tokens: chunk.expectedTokens }),
        },
  ),
});
