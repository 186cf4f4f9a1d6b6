/** Room for an answer about a story, LongBench's for NarrativeQA; the authors of these sets name none. */
export const storyOutputTokens = 128;
