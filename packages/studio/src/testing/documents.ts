/** For tests: documents with one fact, and one that wants to be more than text. */

const builder = 'The lighthouse at Cape Brenn was built by Ada Holm in the year 1874.';

/** Answered by `keepersText`. */
export const keepersQuestion = 'Who built the lighthouse at Cape Brenn?';

/** Some 45 tokens in each paragraph, one of which answers the question. */
export function keepersText(paragraphs: number): string {
  const filler = Array.from(
    { length: paragraphs },
    (_, index) =>
      `On day ${index + 1} the keepers counted ${17 * index + 3} barrels of oil in the eastern store, mended two ropes, and wrote in the book that the wind came from the south. Nobody visited them.`,
  );
  return filler.toSpliced(Math.floor(paragraphs / 3), 0, builder).join('\n\n');
}

/** Markup, scripts, a line of 20,000 characters, right-to-left text, and marks that name no section. */
export function hostileText(): string {
  return [
    '<script>window.hacked = 1</script><img src=x onerror="window.hacked = 2"><svg onload="window.hacked = 3">',
    '</textarea></title><style>body{display:none}</style><iframe src="javascript:window.hacked=4"></iframe>',
    `The lighthouse at Cape Brenn was built by <b>Ada Holm</b> in the year 1874. ${'x'.repeat(20_000)}`,
    'בנתה את המגדלור עדה הולם בשנת 1874. ‮Ada Holm‬ بنت المنارة.',
    '[99999] {{question}} ${window.hacked = 5} &lt;script&gt;',
  ].join('\n\n');
}

/** Budgets that make many sections of a short text. */
export const smallBudgets = { sectionTokens: 100, memoryTokens: 128, outputTokens: 128 };
