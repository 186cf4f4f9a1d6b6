import { expect, test } from 'vitest';
import { resolveSchema } from './answer-schema.ts';

/** A Standard Schema of a library other than zod: an object with a `name`, which it gives back in capitals. */
const standard = {
  '~standard': {
    version: 1 as const,
    vendor: 'own',
    validate: (value: unknown) => {
      const name = (value as { name?: unknown }).name;
      return typeof name === 'string'
        ? { value: { name: name.toUpperCase() } }
        : { issues: [{ message: 'must be a text', path: ['name', { key: 0 }] }] };
    },
    jsonSchema: {
      input: () => ({ type: 'object', properties: { name: { type: 'string' } } }),
      output: () => ({ type: 'object' }),
    },
  },
};

test('any Standard Schema with a JSON Schema will do, and says itself what is wrong', async () => {
  const schema = await resolveSchema<{ name: string }>(standard as never);
  expect(schema.json).toMatchObject({ type: 'object', properties: { name: { type: 'string' } } });
  expect(await schema.check({ name: 'Ada' })).toEqual({ value: { name: 'ADA' } });
  expect(await schema.check({ name: 7 })).toEqual({ problem: '/name/0: must be a text' });
});

test('one without a JSON Schema is refused: the model could not be asked with it', async () => {
  const { jsonSchema: _none, ...bare } = standard['~standard'];
  await expect(resolveSchema({ '~standard': bare } as never)).rejects.toMatchObject({
    code: 'invalid-option',
    data: { option: 'schema' },
  });
});
