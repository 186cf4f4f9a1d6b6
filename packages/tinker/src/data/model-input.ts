import { TinkerError } from '../errors.ts';

/** A run of token ids. */
export interface TextChunk {
  readonly type: 'text';
  readonly tokens: ArrayLike<number>;
}

/** An image between tokens. */
export interface ImageChunk {
  readonly type: 'image';
  readonly data: Uint8Array;
  readonly format: 'png' | 'jpeg';
  /** How many tokens the image is thought to take; lets a server refuse early. */
  readonly expectedTokens?: number;
}

/** What a model reads: chunks of tokens and of images, in order. */
export type ModelInput = readonly (TextChunk | ImageChunk)[];

/** An input of token ids alone. */
export const tokens = (ids: ArrayLike<number>): ModelInput => [{ type: 'text', tokens: ids }];

const maxTokenId = 2 ** 31 - 1;

/** Throws `bad-input` if the input cannot be sent; `name` says which it is. */
export function checkModelInput(input: ModelInput, name: string): void {
  if (input.length === 0)
    throw new TinkerError('bad-input', `${name}: the input is empty; give it at least one chunk`);
  for (const chunk of input) {
    if (chunk.type !== 'text') continue;
    for (let index = 0; index < chunk.tokens.length; index++) {
      const id = chunk.tokens[index]!;
      if (!Number.isInteger(id) || id < 0 || id > maxTokenId)
        throw new TinkerError(
          'bad-input',
          `${name}: token ${index} is ${id}; token ids are whole numbers from 0 to ${maxTokenId}`,
        );
    }
  }
}
