/** `/openapi.json`, and a page at `/docs` that renders it with nothing from elsewhere. */
import { Hono } from 'hono';
import { generateSpecs } from 'hono-openapi';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { ServerEnv } from '../http/server-env.ts';

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>memagent API</title>
    <script type="module" src="/docs/rapidoc.js"></script>
  </head>
  <body>
    <rapi-doc spec-url="/openapi.json" render-style="read" show-header="false" load-fonts="false" theme="light"
      persist-auth="false" allow-server-selection="false"></rapi-doc>
  </body>
</html>
`;

/** Only what the page itself needs. The library writes its own styles. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'";

/** The routes; `app` is what they describe. */
export function createApiPage(app: Hono<ServerEnv>, version: string): Hono<ServerEnv> {
  const api = new Hono<ServerEnv>();
  const require = createRequire(import.meta.url);
  let specs: Promise<object> | undefined;
  let script: Promise<Uint8Array<ArrayBuffer>> | undefined;

  api.get('/openapi.json', async (context) => {
    specs ??= generateSpecs(app, {
      documentation: {
        info: {
          title: 'memagent',
          version,
          description:
            'Questions to documents of any length, with a language model whose window is small. Errors have the shape of OpenAI.',
        },
        components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
        security: [{ key: [] }, {}],
      },
    });
    return context.json(await specs);
  });

  api.get('/docs', (context) => context.html(page, 200, { 'content-security-policy': policy }));

  api.get('/docs/rapidoc.js', async (context) => {
    script ??= readFile(require.resolve('rapidoc')).then((bytes) => new Uint8Array(bytes));
    return context.body(await script, 200, { 'content-type': 'text/javascript; charset=utf-8' });
  });

  return api;
}
