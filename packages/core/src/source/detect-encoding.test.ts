import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { detectEncoding } from './detect-encoding.ts';

const texts: [encoding: string, text: string][] = [
  ['utf-8', 'Der Große Bär — 大熊座'],
  [
    'windows-1252',
    'The café’s “special” crème brûlée costs 5 €, naturally; the fiancée of the naïve señor paid.',
  ],
  ['windows-1252', 'Ein Mädchen hörte die großen Vögel über den Dächern, und die Bäume blühten schön.'],
  [
    'shift_jis',
    '吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。何でも薄暗いじめじめした所で泣いていた。',
  ],
  [
    'gb18030',
    '滚滚长江东逝水,浪花淘尽英雄。是非成败转头空:青山依旧在,几度夕阳红。白发渔樵江渚上,惯看秋月春风。',
  ],
  [
    'windows-1251',
    'Все счастливые семьи похожи друг на друга, каждая несчастливая семья несчастлива по-своему.',
  ],
  ['koi8-r', 'Все счастливые семьи похожи друг на друга, каждая несчастливая семья несчастлива по-своему.'],
  ['euc-kr', '나랏말이 중국과 달라 한자와 서로 통하지 아니하므로 어리석은 백성이 말하고자 하는 바가 있어도'],
  ['utf-16le', 'No byte order mark here.\nJust text; €.'],
  ['utf-16be', 'No byte order mark here.\nJust text; €.'],
  ['utf-16le', '道可道,非常道。名可名,非常名。\n无名天地之始;有名万物之母。'],
  ['utf-16be', '道可道,非常道。名可名,非常名。\n无名天地之始;有名万物之母。'],
];

describe('detectEncoding', () => {
  it.each(texts)('finds %s by the bytes of "%s"', (encoding, text) => {
    expect(detectEncoding(iconv.encode(text, encoding))).toBe(encoding);
  });

  it.each(['utf-8', 'utf-16le', 'utf-16be', 'utf-32le', 'utf-32be'])('goes by the mark of %s', (encoding) => {
    expect(detectEncoding(iconv.encode('a', encoding, { addBOM: true }))).toBe(encoding);
  });

  it('finds an accent that comes late', () => {
    const early = 'It was the best of times, it was the worst of times. '.repeat(10_000);
    const late = Buffer.from(`${early}They met at the café.`, 'latin1');
    expect(detectEncoding(late)).toBe('windows-1252');
  });

  it('takes ASCII for UTF-8', () => {
    expect(detectEncoding(Buffer.from('ASCII'))).toBe('utf-8');
  });

  it('does not mind a head that ends within a character', () => {
    const bytes = Buffer.from('数'.repeat(50));
    for (const cut of [1, 2]) expect(detectEncoding(bytes.subarray(0, -cut))).toBe('utf-8');
    const wide = iconv.encode('数学'.repeat(50), 'gb18030');
    expect(detectEncoding(wide.subarray(0, -1))).toBe('gb18030');
  });

  it('forgives a stray byte in UTF-8', () => {
    expect(detectEncoding(Buffer.concat([Buffer.from('äöü'.repeat(10)), Buffer.of(0xe9, 0x20)]))).toBe(
      'utf-8',
    );
  });

  it.each([
    ['zeros', Buffer.alloc(64)],
    ['a JPEG', Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex')],
    [
      '16-bit samples',
      Buffer.from(Int16Array.from({ length: 200 }, (_, at) => 3000 * Math.sin(at / 9)).buffer),
    ],
    ['control characters', Buffer.from(Array.from({ length: 64 }, (_, at) => at + 1))],
  ])('does not take %s for text', (_, bytes) => {
    expect(detectEncoding(bytes)).toBeUndefined();
  });
});
