/**
 * The two looks of every chart and of the page. Series differ by colour and by symbol, so that no chart depends
 * on colour alone. Colours stand out from their background by 3:1 at least, as WCAG 2.2 asks of graphics, and each
 * two of them differ by 25 CIELAB units or more for people with any colour vision: found by search, kept by a test.
 */
export interface ChartTheme {
  name: 'light' | 'dark';
  background: string;
  text: string;
  muted: string;
  /** Lines that guide the eye, not part of the data. */
  rule: string;
  /** Numbers that others published. */
  reference: string;
  /** One for each look of a series. */
  series: readonly string[];
}

/** Blue, ochre, petrol, plum, olive, violet, maroon, near black. */
export const lightTheme: ChartTheme = {
  name: 'light',
  background: '#ffffff',
  text: '#1f2328',
  muted: '#57606a',
  rule: '#d8dee4',
  reference: '#6e7781',
  series: ['#1d98eb', '#cd8300', '#2c735f', '#892b8c', '#7f8b46', '#4b1cba', '#620008', '#2a0127'],
};

/** Blue, apricot, petrol, pink, yellow, violet, red, mint. */
export const darkTheme: ChartTheme = {
  name: 'dark',
  background: '#15191f',
  text: '#e6e9ed',
  muted: '#a3adb8',
  rule: '#343b44',
  reference: '#98a2ad',
  series: ['#7a87e8', '#fea464', '#009097', '#f7b1f2', '#fcff61', '#934eff', '#cd554f', '#c7f5c9'],
};

/** The symbols of the looks: filled for the first four, hollow for the others. */
export const symbols = ['circle', 'triangle', 'rect', 'diamond'] as const;
