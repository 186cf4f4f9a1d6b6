/**
 * The object that a model is to reply with. Providers hold models to a schema only where the outermost value is an
 * object, and a model that is held to one could not say that it found nothing: so an answer comes wrapped.
 */
import type { Json } from '../json.ts';
import type { JsonSchema } from './json-schema.ts';

/** Puts a schema into another one by `place`, which gets it without its definitions: those stay outermost, where references look for them. */
export function wrapSchema(
  schema: JsonSchema,
  place: (inner: JsonSchema) => JsonSchema,
  pointer: string,
): JsonSchema {
  const { $schema, $defs, definitions, ...inner } = moveRootReferences(schema, pointer) as JsonSchema;
  return {
    ...($schema === undefined ? {} : { $schema }),
    ...place(inner),
    ...($defs === undefined ? {} : { $defs }),
    ...(definitions === undefined ? {} : { definitions }),
  };
}

/** An object with exactly these properties. */
export function objectSchema(properties: JsonSchema): JsonSchema {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

/** `{ "found": true, "answer": … }`, or `{ "found": false, "answer": null }`. */
export function answerReplySchema(schema: JsonSchema): JsonSchema {
  return wrapSchema(
    schema,
    (inner) => objectSchema({ found: { type: 'boolean' }, answer: { anyOf: [inner, { type: 'null' }] } }),
    '#/properties/answer/anyOf/0',
  );
}

/** A schema that refers to its own root does so at its new place. */
function moveRootReferences(value: Json, pointer: string): Json {
  if (Array.isArray(value)) return value.map((item) => moveRootReferences(item, pointer));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === '$ref' && typeof item === 'string' && isMoved(item)
        ? pointer + item.slice(1)
        : moveRootReferences(item, pointer),
    ]),
  );
}

function isMoved(reference: string): boolean {
  return reference === '#' || (reference.startsWith('#/') && !/^#\/(?:\$defs|definitions)\//.test(reference));
}
