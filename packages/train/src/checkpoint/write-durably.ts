import { open, rename } from 'node:fs/promises';

/** Writes a file and waits until it is on the disk, not only on its way there. */
export async function writeDurably(path: string, content: Uint8Array | string): Promise<void> {
  const handle = await open(path, 'w');
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Replaces a file all at once: whoever dies on the way leaves the old one. */
export async function replaceDurably(path: string, content: Uint8Array | string): Promise<void> {
  await writeDurably(`${path}.part`, content);
  await rename(`${path}.part`, path);
}

/** Waits until the files of a folder, or its entries themselves, are on the disk. */
export async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
