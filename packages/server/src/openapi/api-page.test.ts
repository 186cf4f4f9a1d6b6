import { expect, test } from 'vitest';
import { createTestServer } from '../test-server.ts';

interface Described {
  openapi: string;
  paths: Record<string, Record<string, { summary?: string; responses?: object }>>;
  components: { schemas: Record<string, object> };
}

test('every route of the interface is described, with schemas that resolve', async () => {
  await using server = await createTestServer();
  const described = await server.json<Described>('GET', '/openapi.json');
  expect(described.openapi).toMatch(/^3\.1/);
  const routes = server.app.routes
    .filter(({ path, method }) => path.startsWith('/v1/') && method !== 'ALL')
    .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)(\{[^}]*\})?/g, '{$1}')}`);
  const paths = Object.entries(described.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect(new Set(paths)).toEqual(new Set(routes));
  for (const methods of Object.values(described.paths)) {
    for (const { summary, responses } of Object.values(methods)) {
      expect(summary).toBeTruthy();
      expect(Object.keys(responses ?? {}).length).toBeGreaterThan(0);
    }
  }
  const references = [...JSON.stringify(described).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)];
  expect(references.length).toBeGreaterThan(10);
  for (const [, name = ''] of references) expect(Object.keys(described.components.schemas)).toContain(name);
});

test('the page that renders it loads nothing from elsewhere', async () => {
  await using server = await createTestServer();
  const page = await server.call('GET', '/docs');
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  const html = await page.text();
  const [, script = ''] = /<script type="module" src="([^"]+)"/.exec(html) ?? [];
  expect(html).not.toMatch(/https?:/);
  const response = await server.call('GET', script);
  expect(response.headers.get('content-type')).toContain('text/javascript');
  expect(await response.text()).toContain('rapi-doc');
});
