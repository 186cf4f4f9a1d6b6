/** Room for a short answer, in RULER's and LongBench's question tasks. */
export const qaOutputTokens = 32;
