import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** The page. Everything that it needs comes from its own server: nothing is inlined, nothing is fetched elsewhere. */
export default defineConfig({
  root: fileURLToPath(new URL('src/page', import.meta.url)),
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: fileURLToPath(new URL('dist/page', import.meta.url)),
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
  server: { proxy: { '/v1': process.env['MEMAGENT_SERVER'] ?? 'http://127.0.0.1:8080' } },
});
