import { describe, expect, it } from 'vitest';
import { type ChartTheme, darkTheme, lightTheme, symbols } from './chart-theme.ts';

type Triple = readonly [number, number, number];

/** What dichromats see, in linear RGB (Machado, Oliveira and Fernandes 2009, severity 1). */
const visions: Readonly<Record<string, readonly Triple[]>> = {
  trichromacy: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** The linear RGB of `#0067a5`. */
function linear(colour: string): Triple {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
    const value = Number.parseInt(colour.slice(start, start + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return [red, green, blue];
}

function dot(a: Triple, b: Triple): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/** WCAG 2.2's contrast. */
function contrast(a: string, b: string): number {
  const luminances = [a, b].map((colour) => dot([0.2126, 0.7152, 0.0722], linear(colour)));
  return (Math.max(...luminances) + 0.05) / (Math.min(...luminances) + 0.05);
}

/** CIELAB under D65. */
function lab(rgb: Triple): Triple {
  const part = (weights: Triple, white: number): number => {
    const t = Math.max(0, dot(weights, rgb)) / white;
    return t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116;
  };
  const x = part([0.4124, 0.3576, 0.1805], 0.95047);
  const y = part([0.2126, 0.7152, 0.0722], 1);
  const z = part([0.0193, 0.1192, 0.9505], 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

describe.each<[string, ChartTheme]>([
  ['light', lightTheme],
  ['dark', darkTheme],
])('the %s look', (_name, theme) => {
  it('has text and graphics that stand out from the background', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21);
    for (const text of [theme.text, theme.muted]) {
      expect(contrast(text, theme.background)).toBeGreaterThan(4.5);
    }
    for (const line of [...theme.series, theme.reference]) {
      expect(contrast(line, theme.background)).toBeGreaterThan(3);
    }
  });

  it.each(Object.entries(visions))('has colours that can be told apart with %s', (_vision, matrix) => {
    const seen = theme.series.map((colour) => {
      const [red = 0, green = 0, blue = 0] = matrix.map((row) => dot(row, linear(colour)));
      return lab([red, green, blue]);
    });
    const distances = seen.flatMap((a, index) =>
      seen.slice(index + 1).map((b) => Math.hypot(...a.map((value, axis) => value - b[axis]!))),
    );
    expect(distances).toHaveLength(28);
    expect(Math.min(...distances)).toBeGreaterThan(25);
  });

  it('has a colour and symbol for each look', () => {
    expect(theme.series).toHaveLength(2 * symbols.length);
  });
});
