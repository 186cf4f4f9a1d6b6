/** How passes travel: `protobuf` is compact and what current servers read; `json` is what older ones read. */
export type WireFormat = 'protobuf' | 'json';
