import { TinkerError } from '../errors.ts';
import { ask, type Connection } from '../http/connection.ts';
import { postJson, type HttpAnswer } from '../http/http-request.ts';
import { binaryType } from '../protocol.ts';
import type { WireFormat } from '../wire-format.ts';
import { encodePassRequest } from '../wire/pass-request-message.ts';
import { passRequestToJson } from '../wire/pass-request-json.ts';
import type { PassRequest } from '../wire/pass-request.ts';
import { hasZstd, zstdCompress } from '../wire/zstd.ts';

/** Sends a pass in the format that the server reads. */
export type SendPass = (pass: PassRequest, options: SendPassOptions) => Promise<HttpAnswer>;

interface SendPassOptions {
  readonly signal: AbortSignal | undefined;
  readonly compress: boolean;
}

/**
 * With `auto` the first pass goes out as protobuf, and again as JSON if the server cannot read it; what the
 * server took then holds for all that follow.
 */
export function createSendPass(connection: Connection, wireFormat: WireFormat | 'auto'): SendPass {
  let settled = wireFormat === 'auto' ? undefined : wireFormat;
  return async (pass, options) => {
    if (settled) return send(connection, settled, pass, options);
    const [format, answer] = await findFormat(connection, pass, options);
    settled = format;
    connection.emit({ type: 'wire-format', format });
    return answer;
  };
}

async function findFormat(
  connection: Connection,
  pass: PassRequest,
  options: SendPassOptions,
): Promise<[WireFormat, HttpAnswer]> {
  try {
    return ['protobuf', await send(connection, 'protobuf', pass, options)];
  } catch (error) {
    if (
      !(error instanceof TinkerError) ||
      !(error.status === 400 || error.status === 415 || error.status === 422)
    )
      throw error;
    try {
      return ['json', await send(connection, 'json', pass, options)];
    } catch (second) {
      // The server reads neither, so the format is not what it minds.
      throw second instanceof TinkerError && second.code === 'refused' ? error : second;
    }
  }
}

async function send(
  connection: Connection,
  format: WireFormat,
  pass: PassRequest,
  { signal, compress }: SendPassOptions,
): Promise<HttpAnswer> {
  const operation = pass.forwardOnly ? 'forward' : 'forward_backward';
  if (format === 'json') return ask(connection, postJson(operation, passRequestToJson(pass), { signal }));
  const plain = encodePassRequest(pass);
  const isCompressed = compress && hasZstd;
  return ask(connection, {
    operation,
    method: 'POST',
    // A binary body says itself whether only the forward pass is to run.
    path: '/api/v1/forward_backward',
    headers: { 'Content-Type': binaryType, ...(isCompressed && { 'Content-Encoding': 'zstd' }) },
    body: isCompressed ? await zstdCompress(plain) : plain,
    signal,
  });
}
