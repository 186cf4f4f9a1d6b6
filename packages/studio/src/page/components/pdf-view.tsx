/** A page of a PDF as it looks, with the quoted words marked. Loaded only when a PDF is opened. */
import { getDocument, GlobalWorkerOptions, type PDFPageProxy } from 'pdfjs-dist';
// oxlint-disable-next-line import/default -- the bundler makes it the address of the file
import workerAddress from 'pdfjs-dist/build/pdf.worker.min.mjs?url';
import { useEffect, useRef, useState } from 'preact/hooks';
import { call } from '../api/client.ts';
import { useLoad } from '../api/use-load.ts';
import { findItems } from './find-items.ts';
import { ErrorNotice, Loading } from './status.tsx';

GlobalWorkerOptions.workerSrc = workerAddress;

/** A marked place, in shares of the page. */
interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface PdfViewProps {
  /** Where the file is. */
  address: string;
  /** From 1. */
  page: number;
  /** Words to mark. */
  quote: string;
}

export function PdfView({ address, page: first, quote }: PdfViewProps) {
  const [number, setNumber] = useState(first);
  const { value, error } = useLoad(address, async (signal) => {
    const data = await (await call(address, { signal })).arrayBuffer();
    return getDocument({ data: new Uint8Array(data), useWasm: false, useSystemFonts: true }).promise;
  });
  useEffect(() => () => void value?.loadingTask.destroy(), [value]);
  if (error !== undefined) return <ErrorNotice>{error}</ErrorNotice>;
  if (!value) return <Loading what="the document" />;
  return (
    <div class="document pdf" tabIndex={0} role="region" aria-label={`Page ${number} of the document`}>
      <div class="row document-page">
        <button type="button" class="button" disabled={number <= 1} onClick={() => setNumber(number - 1)}>
          Page before
        </button>
        <span class="number">
          {number} of {value.numPages}
        </span>
        <button
          type="button"
          class="button"
          disabled={number >= value.numPages}
          onClick={() => setNumber(number + 1)}
        >
          Page after
        </button>
      </div>
      <PdfPage key={number} load={() => value.getPage(number)} quote={number === first ? quote : ''} />
    </div>
  );
}

function PdfPage({ load, quote }: { load: () => Promise<PDFPageProxy>; quote: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [boxes, setBoxes] = useState<Box[]>([]);
  const [text, setText] = useState('');
  const [width, setWidth] = useState(0);
  const [error, setError] = useState<string>();
  useEffect(() => {
    let isGone = false;
    const draw = async (): Promise<void> => {
      const page = await load();
      const element = canvas.current;
      if (isGone || !element) return;
      const natural = page.getViewport({ scale: 1 });
      const shownWidth =
        Math.min(natural.width * 1.4, element.closest('.pdf')?.clientWidth ?? natural.width) - 24;
      const viewport = page.getViewport({ scale: (shownWidth / natural.width) * devicePixelRatio });
      element.width = viewport.width;
      element.height = viewport.height;
      setWidth(shownWidth);
      await page.render({ canvas: element, viewport }).promise;
      const content = await page.getTextContent();
      const items = content.items.flatMap((item) => ('str' in item ? [item] : []));
      if (isGone) return;
      setText(items.map(({ str, hasEOL }) => str + (hasEOL ? '\n' : '')).join(''));
      setBoxes(
        findItems(
          items.map(({ str }) => str),
          quote,
        ).map((index) => {
          const item = items[index];
          const [, , , , x = 0, y = 0] = (item?.transform ?? []) as number[];
          const height = item?.height ?? 0;
          const [x1 = 0, y1 = 0] = natural.convertToViewportPoint(x, y - 0.2 * height) as number[];
          const [x2 = 0, y2 = 0] = natural.convertToViewportPoint(
            x + (item?.width ?? 0),
            y + height,
          ) as number[];
          return {
            left: Math.min(x1, x2) / natural.width,
            top: Math.min(y1, y2) / natural.height,
            width: Math.abs(x2 - x1) / natural.width,
            height: Math.abs(y2 - y1) / natural.height,
          };
        }),
      );
    };
    draw().catch((reason: unknown) => setError(String(reason)));
    return () => {
      isGone = true;
    };
  }, [load, quote]);
  return (
    <>
      {error !== undefined && <ErrorNotice>{error}</ErrorNotice>}
      <div class="pdf-page" style={{ inlineSize: width === 0 ? '100%' : `${width}px` }}>
        <canvas ref={canvas} aria-hidden="true" />
        {boxes.map((box, index) => (
          <span
            key={index}
            class="box"
            style={{
              left: `${100 * box.left}%`,
              top: `${100 * box.top}%`,
              width: `${100 * box.width}%`,
              height: `${100 * box.height}%`,
            }}
          />
        ))}
      </div>
      <p class="visually-hidden">{text}</p>
    </>
  );
}
