import { formatTime } from '../format.ts';
import { ErrorNotice, Loading } from './status.tsx';

export interface ResultListProps {
  /** In the plural. */
  what: string;
  results: readonly { id: string; name: string; href: string; note: string; changedAt: number }[] | undefined;
  error: string | undefined;
  /** What to start the server with to see some. */
  command: string;
}

/** Folders of results, as a table. */
export function ResultList({ what, results, error, command }: ResultListProps) {
  if (error !== undefined) return <ErrorNotice>{error}</ErrorNotice>;
  if (!results) return <Loading what={`the ${what}`} />;
  if (results.length === 0) {
    return (
      <div class="empty">
        <p>The server was started with no folder of {what}. Start it with one to see them here:</p>
        <p class="mono own-words">{command}</p>
      </div>
    );
  }
  const hasNotes = results.some(({ note }) => note !== '');
  return (
    <div class="table-frame" tabIndex={0} role="region" aria-label={what}>
      <table>
        <thead>
          <tr>
            <th scope="col">Folder</th>
            {hasNotes && <th scope="col">What</th>}
            <th scope="col">Last changed</th>
          </tr>
        </thead>
        <tbody>
          {results.map(({ id, name, href, note, changedAt }) => (
            <tr key={id}>
              <th scope="row" class="cell-name">
                <a class="own-words" href={href}>
                  {name}
                </a>
              </th>
              {hasNotes && <td>{note}</td>}
              <td class="nowrap">{formatTime(changedAt)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
