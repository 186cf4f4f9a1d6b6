import { useState } from 'preact/hooks';
import { formatCount } from '../format.ts';
import type { Fact } from '../trace/facts.ts';
import { removeMarks } from '../trace/sentences.ts';
import type { Trace } from '../trace/trace.ts';
import { nameOfStop } from './strip.tsx';

/** Most facts that are listed. */
const mostShown = 100;

export interface FactSearchProps {
  trace: Trace;
  onSelect: (index: number) => void;
  onSection: (section: number) => void;
}

/** When did this fact come in, and when did it go? */
export function FactSearch({ trace, onSelect, onSection }: FactSearchProps) {
  const [words, setWords] = useState('');
  const facts = trace.facts.search(words);
  const name = (index: number): string => {
    const stop = trace.stops[index];
    return stop ? nameOfStop(stop) : '';
  };
  return (
    <section class="panel" aria-labelledby="history-title">
      <h2 id="history-title">History of the memory</h2>
      <div class="field">
        <label for="facts">When did a fact come in, and when did it go?</label>
        <input
          id="facts"
          class="input"
          type="search"
          placeholder="Words of the fact"
          value={words}
          onInput={(event) => setWords(event.currentTarget.value)}
        />
      </div>
      <p class="small quiet" role="status">
        {words.trim() === ''
          ? `${formatCount(trace.facts.size)} sentences have been in the memory so far.`
          : `${formatCount(facts.length)} found${facts.length > mostShown ? `, the first ${mostShown} shown` : ''}.`}
      </p>
      {facts.length > 0 && (
        <ul class="facts scroller" tabIndex={0} aria-label="Facts found">
          {facts.slice(0, mostShown).map((fact: Fact, index) => (
            <li key={index} class="stack tight">
              <p class="small">
                <button type="button" class="link" onClick={() => onSelect(fact.cameAt)}>
                  In at {name(fact.cameAt)}
                </button>
                {', '}
                {fact.wentAt === undefined ? (
                  <span class="chip good">still there</span>
                ) : (
                  <button type="button" class="link" onClick={() => onSelect(fact.wentAt ?? 0)}>
                    out at {name(fact.wentAt)}
                  </button>
                )}{' '}
                {fact.marks.map((mark) => (
                  <button
                    key={mark}
                    type="button"
                    class="mark-button"
                    aria-label={`Open section ${mark}`}
                    onClick={() => onSection(mark)}
                  >
                    {mark}
                  </button>
                ))}
              </p>
              <p class="verbatim clamp">{removeMarks(fact.text)}</p>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
