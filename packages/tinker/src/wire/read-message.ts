import { fromBinary, type DescMessage, type MessageShape } from '@bufbuild/protobuf';
import { messageOf, TinkerError, type TinkerErrorCode } from '../errors.ts';

/** A message from its bytes. Bytes that are none are an error of whoever sent them, which `code` says. */
export function readMessage<Schema extends DescMessage>(
  schema: Schema,
  body: Uint8Array,
  code: TinkerErrorCode = 'bad-response',
): MessageShape<Schema> {
  try {
    return fromBinary(schema, body);
  } catch (cause) {
    throw new TinkerError(code, `${body.byteLength} bytes are no ${schema.typeName}: ${messageOf(cause)}`, {
      cause,
    });
  }
}
