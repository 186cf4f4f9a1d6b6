/** The text of a run's documents, section by section as it was read, with a highlighted span. */
import { useRef } from 'preact/hooks';
import { callJson } from '../api/client.ts';
import type { SectionText } from '../api/types.ts';
import { useLoad } from '../api/use-load.ts';
import { formatCount } from '../format.ts';
import { VirtualList } from './virtual-list.tsx';

/** A stretch of a document, in UTF-16 units of its text. */
export interface Highlight {
  source: string;
  start: number;
  end: number;
}

export interface DocumentViewProps {
  runId: string;
  /** How many sections there are. */
  sections: number;
  /** Which is shown first. */
  section: number;
  highlight?: Highlight;
}

export function DocumentView({ runId, sections, section, highlight }: DocumentViewProps) {
  const scroller = useRef<HTMLDivElement>(null);
  return (
    <div class="document" ref={scroller} tabIndex={0} role="region" aria-label="Text of the document">
      <VirtualList
        count={sections}
        scroller={scroller}
        estimateSize={() => 1200}
        target={section - 1}
        anchor="mark"
        render={(index) => (
          <DocumentSection
            runId={runId}
            section={index + 1}
            {...(highlight === undefined ? {} : { highlight })}
          />
        )}
      />
    </div>
  );
}

interface DocumentSectionProps {
  runId: string;
  section: number;
  highlight?: Highlight;
}

export function DocumentSection({ runId, section, highlight }: DocumentSectionProps) {
  const { value, error } = useLoad(`${runId}/${section}`, (signal) =>
    callJson<SectionText>(`/v1/runs/${encodeURIComponent(runId)}/sections/${section}`, { signal }),
  );
  return (
    <section class="document-page" aria-label={`Section ${section}`}>
      <p class="head">
        Section {formatCount(section)}
        {value && ` · ${formatCount(value.tokens)} tokens`}
      </p>
      {error !== undefined && <p class="notice bad">{error}</p>}
      {!value && error === undefined && <p class="quiet">Loading …</p>}
      {value?.spans.map(({ source, start, text }) => {
        const isHit =
          highlight?.source === source && highlight.start < start + text.length && highlight.end > start;
        const from = isHit ? Math.max(0, highlight.start - start) : 0;
        const to = isHit ? Math.min(text.length, highlight.end - start) : 0;
        return (
          <div key={`${source}:${start}`}>
            {value.spans.length > 1 && <p class="head own-words">{source}</p>}
            <p class="verbatim">
              {isHit ? (
                <>
                  {text.slice(0, from)}
                  <mark>{text.slice(from, to)}</mark>
                  {text.slice(to)}
                </>
              ) : (
                text
              )}
            </p>
          </div>
        );
      })}
    </section>
  );
}
