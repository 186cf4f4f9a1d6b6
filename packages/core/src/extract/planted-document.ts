/**
 * For tests and benchmarks of extraction: a text of any length with records between its paragraphs, some of them
 * stated again in another writing, some with another year, all known beforehand.
 */

export interface PlantedRecord {
  id: string;
  name: string;
  year: number;
}

/** Which records are stated again: every so many in another writing, every so many with the year after. */
export const again = Object.freeze({ respelt: 20, contradicted: 50 });

const first = [
  'Ada',
  'Zoë',
  'Cem',
  'Dagný',
  'Eva',
  'Finn',
  'Gro',
  'Håkon',
  'Ida',
  'Jón',
  'Kari',
  'Liv',
  'Mads',
];
const last = ['Holm', 'Berg', 'Åsen', 'Dahl', 'Eide', 'Foss', 'Grøn', 'Haug', 'Kjær', 'Lund', 'Moe'];

/** Record `index`, from 0; no two are alike. */
export function plantedRecord(index: number): PlantedRecord {
  const name = `${first[index % first.length]} ${last[Math.floor(index / first.length) % last.length]}`;
  return { id: `K-${String(index).padStart(6, '0')}`, name, year: 1500 + (index % 400) };
}

/** The paragraphs, over and over until there are so many characters, with a record after every `every` of them. */
export function* plantedText(
  paragraphs: readonly string[],
  { characters, every }: { characters: number; every: number },
): Generator<string, { records: number; restated: number; contradicted: number }> {
  const count = { records: 0, restated: 0, contradicted: 0 };
  let written = 0;
  for (let number = 1; written < characters; number += 1) {
    let text = `${paragraphs[number % paragraphs.length]}\n\n`;
    if (number % every === 0) {
      const index = count.records;
      count.records += 1;
      text += stateRecord(plantedRecord(index));
      if (index % again.respelt === 0) {
        const { id, name, year } = plantedRecord(Math.floor(index / 2));
        text += stateRecord({ id: id.toLowerCase(), name: ` ${name.toUpperCase()}.`, year });
        count.restated += 1;
      }
      if (index % again.contradicted === 0) {
        const record = plantedRecord(index);
        text += stateRecord({ ...record, year: record.year + 1 });
        count.contradicted += 1;
      }
    }
    written += text.length;
    yield text;
  }
  return count;
}

function stateRecord({ id, name, year }: PlantedRecord): string {
  return `Id: ${id}; name: ${name}; year: ${year}\n\n`;
}
