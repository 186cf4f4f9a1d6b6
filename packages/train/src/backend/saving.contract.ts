/** What a backend saves and loads. */
import { readdir, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import type { BackendFixture } from './backend.contract.ts';
import { contentsOf as contentsOfFolder, type ContractKit } from './contract-kit.contract.ts';

/** Declares the suite. */
export function savingContract<Observation>(
  fixture: BackendFixture<Observation>,
  kit: ContractKit<Observation>,
): void {
  const contentsOf = fixture.contentsOf ?? contentsOfFolder;
  const { create, emptyFolder, saved, requests, sampleAll, sampledData, train } = kit;
  describe('checkpoints', () => {
    test('go on bit for bit', async () => {
      const [straight, loaded] = [await create(), await create()];
      await train(straight);
      await loaded.load(await saved(straight));
      await train(straight);
      await train(loaded);
      expect(await sampleAll(loaded, requests(4))).toEqual(await sampleAll(straight, requests(4)));
      expect(await contentsOf(await saved(loaded))).toEqual(await contentsOf(await saved(straight)));
    });

    test('that are empty or cut short are refused, with nothing changed', async () => {
      const [backend, source] = [await create(), await create()];
      await train(backend);
      const data = await sampledData(backend);
      const before = await backend.logprobs(data);
      const refused = async (folder: string): Promise<void> => {
        await expect(backend.load(folder)).rejects.toMatchObject({ code: 'bad-checkpoint' });
        expect(await backend.logprobs(data)).toEqual(before);
      };
      await refused(await emptyFolder());
      const files = (await readdir(await saved(source))).filter((file) => file.endsWith('.safetensors'));
      for (const file of files) {
        const short = await saved(source);
        await truncate(join(short, file), 100);
        await refused(short);
        const missing = await saved(source);
        await rm(join(missing, file));
        await refused(missing);
      }
    });
  });
}
