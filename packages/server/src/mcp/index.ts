/** @packageDocumentation memagent as a server of the Model Context Protocol. */
export { createMcpService, type McpService, type McpServiceOptions } from './create-mcp-service.ts';
export { type RunState, runStateSchema } from './run-state.ts';
export { type McpHttpServer, serveMcp, type ServeMcpOptions } from './serve-mcp.ts';
export { serveMcpStdio, type ServeMcpStdioOptions } from './serve-mcp-stdio.ts';
