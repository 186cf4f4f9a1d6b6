/** Checks values against a JSON Schema: draft-07 (and 06), 2019-09 or 2020-12, by its `$schema`; draft-07 without one. */
import type { ErrorObject, Options, ValidateFunction } from 'ajv';
import { MemagentError, messageOf } from '../errors.ts';
import type { Json } from '../json.ts';

/** A JSON Schema that is an object; `true` and `false`, which are schemas too, ask for nothing. */
export type JsonSchema = { [key: string]: Json };

/** What is wrong with a value, in words; undefined when it follows the schema. */
export type JsonCheck = (value: unknown) => string | undefined;

/** Most problems that are told at once. */
const mostProblems = 8;

/** Unknown keywords and formats are passed over, as the standard has it. */
const options: Options = { strict: false, allErrors: true, logger: false, verbose: true };

/** Compiles a schema. Throws `invalid-option`, naming `option`, for one that is none. */
export async function compileJsonSchema(schema: JsonSchema, option: string): Promise<JsonCheck> {
  let validate: ValidateFunction;
  try {
    validate = await compile(schema);
  } catch (cause) {
    throw new MemagentError(`Option ${option} is no JSON Schema that can be used: ${messageOf(cause)}.`, {
      code: 'invalid-option',
      data: { option },
      cause,
    });
  }
  return (value) => (validate(value) === true ? undefined : describe(validate.errors ?? []));
}

async function compile(schema: JsonSchema): Promise<ValidateFunction> {
  const dialect = typeof schema['$schema'] === 'string' ? schema['$schema'] : '';
  const { default: addFormats } = await import('ajv-formats');
  if (dialect.includes('2020-12')) {
    const { Ajv2020 } = await import('ajv/dist/2020.js');
    return addFormats.default(new Ajv2020(options)).compile(schema);
  }
  if (dialect.includes('2019-09')) {
    const { Ajv2019 } = await import('ajv/dist/2019.js');
    return addFormats.default(new Ajv2019(options)).compile(schema);
  }
  const { Ajv } = await import('ajv');
  const { $schema: _dialect, ...rest } = schema;
  if (dialect !== '' && !/draft-0[67]/.test(dialect)) {
    throw new Error(`its $schema is ${dialect}; known are draft-06, draft-07, 2019-09 and 2020-12`);
  }
  return addFormats.default(new Ajv(options)).compile(rest);
}

function describe(errors: readonly ErrorObject[]): string {
  const told = [...new Set(errors.map(describeError))];
  const more = told.length - mostProblems;
  return [...told.slice(0, mostProblems), ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}

function describeError({ instancePath, keyword, params, message = 'is not allowed' }: ErrorObject): string {
  const place = instancePath === '' ? 'the value' : instancePath;
  if (keyword === 'additionalProperties') {
    return `${place} must not have the property ${JSON.stringify(params['additionalProperty'])}`;
  }
  const accepted =
    keyword === 'enum'
      ? `: ${JSON.stringify(params['allowedValues'])}`
      : keyword === 'const'
        ? ` ${JSON.stringify(params['allowedValue'])}`
        : '';
  return `${place} ${message}${accepted}`;
}
