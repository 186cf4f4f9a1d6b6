import { diffWordsWithSpace } from 'diff';
import type { SentenceChange } from '../trace/memory-change.ts';
import type { Sentence } from '../trace/sentences.ts';

export interface MemoryViewProps {
  changes: readonly SentenceChange[];
  /** Only what changed. */
  isBrief?: boolean;
  onSection: (section: number) => void;
  label: string;
}

const words: Record<SentenceChange['kind'], string> = {
  kept: 'kept',
  added: 'new',
  removed: 'dropped',
  rewritten: 'reworded',
};

/** Longest sentence whose words are compared one by one. */
const longestCompared = 4000;

/** A memory sentence by sentence: what became of each, and the sections that it came from. */
export function MemoryView({ changes, isBrief = false, onSection, label }: MemoryViewProps) {
  const shown = isBrief ? changes.filter(({ kind }) => kind !== 'kept') : changes;
  if (changes.length === 0) return <p class="quiet">The memory is empty.</p>;
  if (shown.length === 0) return <p class="quiet">Nothing changed in this step.</p>;
  return (
    <ul class="memory scroller" aria-label={label} tabIndex={0}>
      {shown.map((change, index) => (
        <li key={index} class={change.kind}>
          <span class="origin">
            {change.kind !== 'kept' && <strong>{words[change.kind]} </strong>}
            <Origin sentence={change.sentence} onSection={onSection} />
          </span>
          <ChangedText change={change} />
        </li>
      ))}
    </ul>
  );
}

function Origin({ sentence, onSection }: { sentence: Sentence; onSection: (section: number) => void }) {
  return (
    <>
      {sentence.marks.map((mark) => (
        <button
          key={mark}
          type="button"
          class="mark-button"
          aria-label={`From section ${mark}`}
          onClick={() => onSection(mark)}
        >
          {mark}
        </button>
      ))}
    </>
  );
}

function ChangedText({ change }: { change: SentenceChange }) {
  const { sentence } = change;
  if (change.kind === 'removed') return <del class="verbatim">{sentence.key}</del>;
  if (change.kind !== 'rewritten' || sentence.key.length > longestCompared) {
    return <span class="verbatim">{sentence.key}</span>;
  }
  return (
    <span class="verbatim">
      {diffWordsWithSpace(change.before.key, sentence.key).map(({ value, added, removed }, index) =>
        added ? <ins key={index}>{value}</ins> : removed ? <del key={index}>{value}</del> : value,
      )}
    </span>
  );
}
