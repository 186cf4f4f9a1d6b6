/**
 * Finds plain words and how many tokens each has, without making a string of it: most of English text is made of
 * plain words, and cutting a string and looking it up takes several times as long.
 *
 * A plain word is a space or none, a capital or none, small letters, and then the end, something of ASCII that is
 * neither a letter nor an apostrophe, or a typographic dash or quotation mark. Every encoding takes this for one piece. Up to ten letters, with the space
 * and the capital, fit into one number, which is the key of a cache with one place for each hash: a word that
 * meets another one in its place takes it over.
 */
export interface WordScanner {
  /** Whether a plain word begins at `start`; then `end` and `tokens` tell of it. */
  scan(text: string, start: number): boolean;
  end: number;
  tokens: number;
}

const mostLetters = 10;
const places = 2 ** 15;

/** `countPiece` counts the tokens of a word that is not in the cache. */
export function createWordScanner(countPiece: (piece: string) => number): WordScanner {
  const keys = new Float64Array(places);
  const counts = new Uint8Array(places);
  return {
    end: 0,
    tokens: 0,
    scan(text, start) {
      let end = start;
      let flags = 1;
      let code = text.charCodeAt(end);
      if (code === 0x20) {
        flags = 2;
        code = text.charCodeAt(++end);
      }
      const lettersFrom = end;
      let key = 0;
      let hash = 0;
      if (code >= 0x41 && code <= 0x5a) {
        flags += 2;
        key = code - 0x40;
        hash = key;
        code = text.charCodeAt(++end);
      }
      const smallFrom = end;
      while (code >= 0x61 && code <= 0x7a) {
        key = key * 27 + (code - 0x60);
        hash = (Math.imul(hash, 31) + code) | 0;
        code = text.charCodeAt(++end);
      }
      if (end === smallFrom || mayGoOn(code)) return false;
      this.end = end;
      if (end - lettersFrom > mostLetters) {
        this.tokens = countPiece(text.slice(start, end));
        return true;
      }
      key = key * 4 + flags - 1;
      const place = (Math.imul(hash, 0x9e3779b1) >>> 17) ^ flags;
      if (keys[place] !== key) {
        keys[place] = key;
        counts[place] = countPiece(text.slice(start, end));
      }
      this.tokens = counts[place] as number;
      return true;
    },
  };
}

/** Whether a word that is followed by this character may be longer: see above. */
function mayGoOn(code: number): boolean {
  if (code > 0x7f) return code < 0x2010 || code > 0x2027;
  return (code >= 0x41 && code <= 0x5a) || code === 0x27;
}
