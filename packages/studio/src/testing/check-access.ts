/** For tests: what axe finds on a page that people with disabilities could not use. */
import axe from 'axe-core';
import type { Page } from 'playwright-core';

/**
 * Serious and critical findings of the page as it is, each with the elements. The page's policy allows no script from
 * elsewhere: the checker is evaluated by the debugger, which asks no policy.
 */
export async function checkAccess(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(
    () =>
      (Reflect.get(window, 'axe') as typeof axe).run(document, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      }) as Promise<{ violations: { id: string; impact?: string | null; nodes: { html: string }[] }[] }>,
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}
