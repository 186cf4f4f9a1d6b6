import { useState } from 'preact/hooks';
import { isKeyWanted, rememberKey } from '../api/client.ts';
import { Dialog } from './dialog.tsx';

/** Asks for the API key of a server that wants one. */
export function KeyDialog() {
  const [key, setKey] = useState('');
  return (
    <Dialog title="This server asks for an API key" isOpen={isKeyWanted.value} onClose={() => {}} isModalOnly>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          rememberKey(key.trim());
          location.reload();
        }}
      >
        <div class="field">
          <label for="api-key">API key</label>
          <input
            id="api-key"
            class="input mono"
            type="password"
            autocomplete="off"
            value={key}
            onInput={(event) => setKey(event.currentTarget.value)}
          />
          <p class="hint">Kept for this tab alone, and sent to this server alone.</p>
        </div>
        <button type="submit" class="button primary" disabled={key.trim() === ''}>
          Go on
        </button>
      </form>
    </Dialog>
  );
}
