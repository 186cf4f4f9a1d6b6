/** @packageDocumentation The formats of passes and results on the wire, both ways: for servers and tests. */
export * as messages from './generated/tinker_public_pb.ts';
