/** No cross-origin access unless the origin is allowed by name. */
import { expect, test } from 'vitest';
import { createTestServer, sampleText } from '../test-server.ts';

const allowed = 'https://app.example.org';
const newRun = { question: 'Who came?', documents: [{ text: sampleText(1) }] };

test.each([
  'https://evil.example',
  'http://app.example.org',
  'https://app.example.org.evil.example',
  'https://app.example.org:8443',
  'http://localhost:3000',
  'null',
])('a page of %s can neither read nor write', async (origin) => {
  await using server = await createTestServer({ allowedOrigins: [allowed] });
  for (const [method, path, body] of [
    ['GET', '/v1/runs'],
    ['POST', '/v1/runs', newRun],
    ['OPTIONS', '/v1/runs'],
    ['DELETE', '/v1/files/x'],
  ] as const) {
    const response = await server.call(method, path, body, { origin });
    expect({ method, status: response.status }).toEqual({ method, status: 403 });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  }
  expect(await server.json('GET', '/v1/runs')).toMatchObject({ data: [] });
});

test('a page of the origin that was named may read and write, and is told so before it asks', async () => {
  await using server = await createTestServer({ allowedOrigins: [allowed] });
  const response = await server.call('GET', '/v1/models', undefined, { origin: allowed });
  expect(response.status).toBe(200);
  expect(response.headers.get('access-control-allow-origin')).toBe(allowed);
  expect(response.headers.get('access-control-allow-credentials')).toBeNull();
  const asked = await server.call('OPTIONS', '/v1/runs', undefined, {
    origin: allowed,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'content-type',
  });
  expect(asked.status).toBe(204);
  expect(asked.headers.get('access-control-allow-origin')).toBe(allowed);
  expect(asked.headers.get('access-control-allow-headers')).toContain('content-type');
});

test('the pages of the server itself may use it, and no others unless any were named', async () => {
  await using server = await createTestServer();
  const own = { host: 'localhost:8787', origin: 'http://localhost:8787' };
  expect((await server.call('GET', '/v1/models', undefined, own)).status).toBe(200);
  const other = { host: 'localhost:8787', origin: 'http://localhost:8788' };
  expect((await server.call('GET', '/v1/models', undefined, other)).status).toBe(403);
  expect((await server.call('GET', '/v1/models', undefined, { origin: allowed })).status).toBe(403);
});

test('replies are no scripts, no frames and no downloads that run', async () => {
  await using server = await createTestServer();
  const { headers } = await server.call('GET', '/v1/models');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
  const form = new FormData();
  form.set('file', new File(['<script>alert(1)</script>'], 'page.html', { type: 'text/html' }));
  const { id } = await server.json<{ id: string }>('POST', '/v1/files', form);
  const content = await server.call('GET', `/v1/files/${id}/content`);
  expect(content.headers.get('content-type')).toBe('application/octet-stream');
  expect(content.headers.get('content-disposition')).toMatch(/^attachment;/);
});
