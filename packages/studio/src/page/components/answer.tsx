import type { Citation, RunResult } from '@memagent/core';
import { formatCount } from '../format.ts';
import { partsOfAnswer } from '../trace/answer-parts.ts';

export interface AnswerProps {
  result: RunResult;
  onCitation: (citation: Citation) => void;
}

/** The answer with its marks as buttons; sentences that nothing bears out are underlined and told. */
export function Answer({ result, onCitation }: AnswerProps) {
  const parts = partsOfAnswer(result.answer, result.citations);
  const isObject = result.object !== undefined;
  const unsupported = isObject
    ? result.citations.filter(({ supported }) => !supported).length
    : parts.filter(({ support }) => support === 'unsupported' || support === 'uncited').length;
  return (
    <div class="stack">
      {isObject ? (
        <pre class="prompt verbatim">{JSON.stringify(result.object, null, 2)}</pre>
      ) : (
        <p class="answer verbatim">
          {parts.map(({ pieces, citations, support }, index) => {
            const isDoubtful = result.found && (support === 'unsupported' || support === 'uncited');
            return (
              <span key={index}>
                {pieces.map((piece, at) =>
                  piece.kind === 'text' ? (
                    <span key={at} class={isDoubtful ? 'unsupported' : ''}>
                      {piece.text}
                    </span>
                  ) : (
                    piece.marks.map((mark) => (
                      <MarkButton
                        key={mark}
                        mark={mark}
                        citation={citations.find((citation) => citation.mark === mark)}
                        onCitation={onCitation}
                      />
                    ))
                  ),
                )}
                {isDoubtful && (
                  <span class="visually-hidden">
                    {support === 'uncited' ? ' (without a citation) ' : ' (not supported by its citation) '}
                  </span>
                )}
              </span>
            );
          })}
        </p>
      )}
      {!result.found && <p class="notice warn">The document does not tell, as far as it was read.</p>}
      {result.found && unsupported > 0 && (
        <p class="notice warn">
          {unsupported === 1 ? 'One statement is' : `${formatCount(unsupported)} statements are`} not borne
          out by what the document says at the place cited
          {isObject ? '.' : ', or cite none; they are underlined.'}
        </p>
      )}
    </div>
  );
}

interface MarkButtonProps {
  mark: number;
  citation: Citation | undefined;
  onCitation: (citation: Citation) => void;
}

function MarkButton({ mark, citation, onCitation }: MarkButtonProps) {
  if (!citation || citation.source === '') return <span>[{mark}]</span>;
  return (
    <button
      type="button"
      class={`mark-button ${citation.supported ? '' : 'bad'}`}
      aria-label={`${mark}: open the document there${citation.supported ? '' : ', which does not bear this out'}`}
      onClick={() => onCitation(citation)}
    >
      {mark}
    </button>
  );
}

export function CitationList({ result, onCitation }: AnswerProps) {
  if (result.citations.length === 0) return null;
  return (
    <ol class="citations" aria-label="Citations">
      {result.citations.map((citation, index) => (
        <li key={index}>
          {citation.source === '' ? (
            <span class="chip bad">{citation.mark}</span>
          ) : (
            <button
              type="button"
              class={`mark-button ${citation.supported ? '' : 'bad'}`}
              aria-label={`${citation.mark}: open the document at citation ${index + 1}`}
              onClick={() => onCitation(citation)}
            >
              {citation.mark}
            </button>
          )}
          <div>
            {citation.field !== undefined && <p class="mono small">{citation.field}</p>}
            <p class="small own-words">
              {citation.source === ''
                ? 'There is no such section.'
                : `${citation.source}${citation.page === null ? '' : `, page ${citation.page}`}, characters ${formatCount(citation.start)} to ${formatCount(citation.end)}`}{' '}
              {!citation.supported && citation.source !== '' && <span class="chip bad">not borne out</span>}
            </p>
            <span class="quote own-words clamp">{citation.text}</span>
          </div>
        </li>
      ))}
    </ol>
  );
}
