import type { SourceInfo } from '@memagent/core';
import { lazy } from 'preact-iso';
import { useState } from 'preact/hooks';
import { Dialog } from './dialog.tsx';
import { DocumentView, type Highlight } from './document-view.tsx';

const PdfView = lazy(() => import('./pdf-view.tsx').then((module) => module.PdfView));

/** A place to open the document at. */
export interface OpenDocument {
  title: string;
  section: number;
  highlight?: Highlight;
  /** Of a source with pages. */
  page?: number;
  quote?: string;
}

export interface DocumentDrawerProps {
  runId: string;
  sections: number;
  document: OpenDocument | undefined;
  sources: readonly SourceInfo[];
  onClose: () => void;
}

/** The document at the side, at the place that a citation or mark points to. */
export function DocumentDrawer({ runId, sections, document, sources, onClose }: DocumentDrawerProps) {
  const [isText, setText] = useState(false);
  const { section = 1, highlight, page, quote } = document ?? {};
  const source = sources.find(({ name }) => name === highlight?.source);
  const isPdf = source?.mediaType === 'application/pdf' && page !== undefined;
  return (
    <Dialog title={document?.title ?? ''} isOpen={document !== undefined} onClose={onClose} isDrawer>
      <div class="row">
        {isPdf && (
          <button type="button" class="button" aria-pressed={isText} onClick={() => setText(!isText)}>
            {isText ? 'Show the page' : 'Show the text'}
          </button>
        )}
        <span class="small quiet">
          {page === undefined ? `From section ${section}` : `Page ${page}, section ${section}`}
        </span>
      </div>
      {isPdf && !isText ? (
        <PdfView
          key={`${source.index}/${page}/${highlight?.start}`}
          address={`/v1/runs/${encodeURIComponent(runId)}/documents/${source.index}`}
          page={page}
          quote={quote ?? ''}
        />
      ) : (
        <DocumentView
          key={`${section}/${highlight?.start}`}
          runId={runId}
          sections={sections}
          section={section}
          {...(highlight === undefined ? {} : { highlight })}
        />
      )}
    </Dialog>
  );
}
