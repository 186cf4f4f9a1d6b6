/** The version of the published Python SDK whose protocol this client speaks; servers choose their replies by it. */
export const protocolVersion = '0.38.0';

/** The type of binary bodies. */
export const binaryType = 'application/x-protobuf';
