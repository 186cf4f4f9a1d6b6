/** Turns a chart's SVG into PNG. The font comes with the package: a machine without fonts draws the same. */
import { fileURLToPath } from 'node:url';
import { renderAsync } from '@resvg/resvg-js';

const font = fileURLToPath(import.meta.resolve('@expo-google-fonts/arimo/400Regular/Arimo_400Regular.ttf'));

/** `scale` pixels for each pixel of the SVG. */
export async function drawPng(svg: string, scale = 2): Promise<Buffer> {
  const image = await renderAsync(svg, {
    fitTo: { mode: 'zoom', value: scale },
    font: { loadSystemFonts: false, fontFiles: [font], defaultFontFamily: 'Arimo', sansSerifFamily: 'Arimo' },
  });
  return image.asPng();
}
