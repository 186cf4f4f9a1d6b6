/** @packageDocumentation memagent as a server of the Model Context Protocol. */
export { createMcpService, type McpService, type McpServiceOptions } from './create-mcp-service.ts';
export { type RunState, runStateSchema } from './run-state.ts';
