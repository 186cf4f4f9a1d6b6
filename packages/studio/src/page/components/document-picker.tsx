import { useRef, useState } from 'preact/hooks';
import { callJson, messageOf } from '../api/client.ts';
import type { DocumentInput, Sample, StoredFile } from '../api/types.ts';
import { useLoad } from '../api/use-load.ts';
import { formatBytes, formatCount } from '../format.ts';
import { ErrorNotice } from './status.tsx';

export interface PickedDocument {
  name: string;
  /** Size in words. */
  size: string;
  input: DocumentInput;
}

export interface DocumentPickerProps {
  documents: readonly PickedDocument[];
  samples: readonly Sample[];
  onChange: (change: (before: PickedDocument[]) => PickedDocument[]) => void;
}

/** Most earlier uploads that are offered. */
const mostOffered = 20;

/** Drop files, paste text, or pick what the server already has. */
export function DocumentPicker({ documents, samples, onChange }: DocumentPickerProps) {
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const [waiting, setWaiting] = useState<string[]>([]);
  const [error, setError] = useState<string>();
  const [pasted, setPasted] = useState('');
  const stored = useLoad(
    'files',
    async (signal) =>
      (await callJson<{ data: StoredFile[] }>(`/v1/files?limit=${mostOffered}`, { signal })).data,
  );

  const add = (document: PickedDocument): void =>
    onChange((before) =>
      before.some((one) => JSON.stringify(one.input) === JSON.stringify(document.input))
        ? before
        : [...before, document],
    );

  async function upload(files: readonly File[]): Promise<void> {
    setError(undefined);
    for (const file of files) {
      setWaiting((before) => [...before, file.name]);
      try {
        const form = new FormData();
        form.append('file', file);
        const { id, filename, bytes } = await callJson<StoredFile>('/v1/files', {
          method: 'POST',
          body: form,
        });
        add({ name: filename, size: formatBytes(bytes), input: { fileId: id } });
      } catch (reason) {
        setError(`${file.name}: ${messageOf(reason)}`);
      }
      setWaiting((before) => before.toSpliced(before.indexOf(file.name), 1));
    }
    stored.reload();
  }

  return (
    <>
      <div
        class={`drop ${isOver ? 'over' : ''}`}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          void upload([...(event.dataTransfer?.files ?? [])]);
        }}
      >
        <p>Drop files here</p>
        <button type="button" class="button" onClick={() => input.current?.click()}>
          Choose files
        </button>
        <input
          ref={input}
          type="file"
          multiple
          hidden
          aria-label="Files"
          onChange={(event) => {
            const chosen = [...(event.currentTarget.files ?? [])];
            event.currentTarget.value = '';
            void upload(chosen);
          }}
        />
        <p class="small quiet">
          Text, Markdown, HTML, PDF, DOCX, EPUB, JSON, source code. They go to this server, and from it to
          nobody but the model that reads.
        </p>
      </div>
      {error !== undefined && <ErrorNotice>{error}</ErrorNotice>}
      <div role="status">
        {waiting.map((name) => (
          <p key={name} class="small quiet own-words">
            Sending {name} …
          </p>
        ))}
      </div>
      {documents.length > 0 && (
        <ul class="documents" aria-label="Documents to read">
          {documents.map((document) => (
            <li key={JSON.stringify(document.input).slice(0, 200)}>
              <span class="own-words">{document.name}</span>
              <span class="small quiet nowrap">{document.size}</span>
              <button
                type="button"
                class="button plain"
                aria-label={`Leave out ${document.name}`}
                onClick={() => onChange((before) => before.filter((one) => one !== document))}
              >
                ✕
              </button>
            </li>
          ))}
        </ul>
      )}
      {(samples.length > 0 || (stored.value?.length ?? 0) > 0) && (
        <div class="field">
          <label for="known-documents">Or take one that is here</label>
          <select
            id="known-documents"
            class="input"
            value=""
            onChange={(event) => {
              const { value } = event.currentTarget;
              event.currentTarget.value = '';
              const sample = samples.find(({ id }) => `sample/${id}` === value);
              if (sample) add({ name: sample.title, size: 'sample', input: { sample: sample.id } });
              const file = stored.value?.find(({ id }) => id === value);
              if (file)
                add({ name: file.filename, size: formatBytes(file.bytes), input: { fileId: file.id } });
            }}
          >
            <option value="">Choose …</option>
            {samples.length > 0 && (
              <optgroup label="Sample books">
                {samples.map(({ id, title }) => (
                  <option key={id} value={`sample/${id}`}>
                    {title}
                  </option>
                ))}
              </optgroup>
            )}
            {stored.value && stored.value.length > 0 && (
              <optgroup label="Sent before">
                {stored.value.map(({ id, filename, bytes }) => (
                  <option key={id} value={id}>
                    {filename} ({formatBytes(bytes)})
                  </option>
                ))}
              </optgroup>
            )}
          </select>
        </div>
      )}
      <details>
        <summary>Paste text</summary>
        <div class="field">
          <label for="pasted">Text</label>
          <textarea
            id="pasted"
            class="input"
            rows={5}
            value={pasted}
            onInput={(event) => setPasted(event.currentTarget.value)}
          />
          <div class="row">
            <button
              type="button"
              class="button"
              disabled={pasted.trim() === ''}
              onClick={() => {
                add({
                  name: `“${pasted.trim().slice(0, 40)}…”`,
                  size: `${formatCount(pasted.length)} characters`,
                  input: { text: pasted, name: 'pasted text' },
                });
                setPasted('');
              }}
            >
              Add this text
            </button>
          </div>
        </div>
      </details>
    </>
  );
}
