/** What a model gets in the place of a document that does not fit: the memory that was kept of it. */
export function inPlaceOf(memory: string): string {
  const kept = memory === '' ? 'Nothing in it bears on the question.' : memory;
  return `[A document stood here that is longer than fits. It was read section by section, and this memory was kept of it for the question below. Marks such as [12] name its sections: keep them beside what you take from it.]\n<memory>\n${kept}\n</memory>`;
}
