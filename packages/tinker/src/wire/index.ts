/** @packageDocumentation The formats of passes and results on the wire, both ways: for servers and tests. */
export type { PassRequest } from './pass-request.ts';
export { decodePassRequest, encodePassRequest } from './pass-request-message.ts';
export { passRequestJson, passRequestToJson } from './pass-request-json.ts';
export { decodePassOutput, encodePassOutput } from './pass-output-message.ts';
export { passOutputJson, passOutputToJson } from './pass-output-json.ts';
export { decodeSampleOutput, encodeSampleOutput } from './sample-output-message.ts';
export { sampleOutputJson, sampleOutputToJson } from './sample-output-json.ts';
export { modelInputJson, modelInputToJson } from './model-input-json.ts';
export { tensorJson, tensorToJson } from './tensor-json.ts';
export { hasZstd, isZstd, zstdCompress, zstdDecompress } from './zstd.ts';
