import { z } from 'zod';
import { ask, type Connection } from '../http/connection.ts';
import { postJson } from '../http/http-request.ts';
import { readJson } from '../http/read-answer.ts';
import { protocolVersion } from '../protocol.ts';
import type { SessionOptions } from '../tinker-client.ts';

const sessionForm = z.object({
  session_id: z.string(),
  info_message: z.string().nullish(),
  warning_message: z.string().nullish(),
  error_message: z.string().nullish(),
});

/** Asks the server for a session and passes on what it has to say; returns the name of the session. */
export async function startSession(connection: Connection, options: SessionOptions): Promise<string> {
  const { tags = [], userMetadata = {}, displayName, projectId, signal } = options;
  const body = {
    tags,
    user_metadata: userMetadata,
    sdk_version: protocolVersion,
    ...(displayName !== undefined && { display_name: displayName }),
    ...(projectId !== undefined && { project_id: projectId }),
  };
  const started = readJson(
    'create_session',
    await ask(connection, postJson('create_session', body, { signal })),
    sessionForm,
  );
  for (const level of ['info', 'warning', 'error'] as const) {
    const message = started[`${level}_message`];
    if (message) connection.emit({ type: 'server-message', level, message });
  }
  return started.session_id;
}
