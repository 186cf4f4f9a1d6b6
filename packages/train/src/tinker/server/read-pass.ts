import { MemagentError, messageOf } from '@memagent/core';
import { decodePassRequest, passRequestJson, type PassRequest, zstdDecompress } from '@memagent/tinker/wire';
import { z } from 'zod';

/** A body of a pass as it came over the network. */
export interface PassBody {
  bytes: Uint8Array;
  isProtobuf: boolean;
  isCompressed: boolean;
}

/** Reads a pass in either format. Throws `invalid-option` for what is neither. */
export async function readPass({ bytes, isProtobuf, isCompressed }: PassBody): Promise<PassRequest> {
  try {
    const plain = isCompressed ? await zstdDecompress(bytes) : bytes;
    return isProtobuf
      ? decodePassRequest(plain)
      : passRequestJson.parse(JSON.parse(new TextDecoder().decode(plain)));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
    throw new MemagentError(`The body is not the request of a pass: ${why}`, {
      code: 'invalid-option',
      cause: error,
    });
  }
}
