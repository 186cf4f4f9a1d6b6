import { describe, expect, test } from 'vitest';
import { compileJsonSchema, type JsonSchema } from './json-schema.ts';
import { parseJsonReply } from './parse-json-reply.ts';
import { answerReplySchema } from './wrap-schema.ts';

const tree: JsonSchema = {
  type: 'object',
  properties: { name: { $ref: '#/$defs/name' }, children: { type: 'array', items: { $ref: '#' } } },
  required: ['name'],
  $defs: { name: { type: 'string', minLength: 1 } },
};

describe('a JSON Schema', () => {
  test.each([
    ['of no dialect, tuples as in draft-07', { items: [{ type: 'string' }, { type: 'integer' }] }],
    [
      'of draft-07',
      {
        $schema: 'http://json-schema.org/draft-07/schema#',
        items: [{ type: 'string' }, { type: 'integer' }],
      },
    ],
    [
      'of 2019-09',
      {
        $schema: 'https://json-schema.org/draft/2019-09/schema',
        items: [{ type: 'string' }, { type: 'integer' }],
      },
    ],
    [
      'of 2020-12',
      {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        prefixItems: [{ type: 'string' }, { type: 'integer' }],
      },
    ],
  ])('%s is understood', async (_name, schema) => {
    const check = await compileJsonSchema({ type: 'array', ...schema }, 'schema');
    expect(check(['a', 1])).toBeUndefined();
    expect(check(['a', 'b'])).toBe('/1 must be integer');
  });

  test.each<[string, JsonSchema, unknown, RegExp]>([
    ['what is missing', { required: ['a'] }, {}, /^the value must have required property 'a'$/],
    ['what is too much', { additionalProperties: false }, { b: 1 }, /must not have the property "b"/],
    [
      'what is allowed',
      { properties: { a: { enum: ['x', 'y'] } } },
      { a: 'z' },
      /\/a .*allowed values: \["x","y"\]/,
    ],
    ['a format', { properties: { a: { format: 'date' } } }, { a: 'soon' }, /\/a must match format "date"/],
    [
      'all at once',
      { type: 'array', items: { type: 'integer' } },
      Array.from({ length: 12 }, String),
      /; and 4 more$/,
    ],
  ])('says %s', async (_name, schema, value, message) => {
    const check = await compileJsonSchema(schema, 'schema');
    expect(check(value)).toMatch(message);
  });

  test.each<[string, JsonSchema, RegExp]>([
    ['an unknown type', { type: 'texts' }, /Option schema is no JSON Schema that can be used/],
    ['a reference to nothing', { $ref: '#/$defs/none' }, /can't resolve reference/],
    [
      'an old dialect',
      { $schema: 'http://json-schema.org/draft-04/schema#' },
      /known are draft-06, draft-07, 2019-09 and 2020-12/,
    ],
    ['a pattern that is none', { type: 'string', pattern: '(' }, /Option schema/],
  ])('with %s is refused', async (_name, schema, message) => {
    await expect(compileJsonSchema(schema, 'schema')).rejects.toMatchObject({
      code: 'invalid-option',
      message: expect.stringMatching(message),
    });
  });

  test('unknown keywords and formats are passed over', async () => {
    const check = await compileJsonSchema({ type: 'string', format: 'my-own', 'x-note': 1 }, 'schema');
    expect(check('a')).toBeUndefined();
  });
});

test('a wrapped schema keeps its references, those to its own root too', async () => {
  const check = await compileJsonSchema(answerReplySchema(tree), 'schema');
  const answer = { name: 'a', children: [{ name: 'b', children: [{ name: 'c' }] }] };
  expect(check({ found: true, answer })).toBeUndefined();
  expect(check({ found: false, answer: null })).toBeUndefined();
  expect(check({ found: true, answer: { name: 'a', children: [{ name: '' }] } })).toContain(
    '/answer/children/0/name',
  );
  expect(check({ answer })).toContain("required property 'found'");
});

test.each<[string, string, unknown]>([
  ['JSON', ' {"a": 1}\n', { a: 1 }],
  ['JSON in a fence', 'So:\n```json\n{"a": 1}\n```\nDone.', { a: 1 }],
  ['JSON in a bare fence', '```\n[1]\n```', [1]],
  ['JSON between sentences', 'The answer {"a": {"b": "}"}} is this.', { a: { b: '}' } }],
  ['a list between sentences', 'I found [1, 2] there', [1, 2]],
  ['a value', '"text"', 'text'],
])('%s is read', (_name, text, json) => {
  expect(parseJsonReply(text)).toEqual({ json });
});

test.each(['', 'None.', '{"a": 1', '{a: 1}', '```json\n{"a": \n```'])('%j is no JSON', (text) => {
  expect(parseJsonReply(text)).toEqual({ problem: expect.stringMatching(/^it is not JSON \(/) });
});
