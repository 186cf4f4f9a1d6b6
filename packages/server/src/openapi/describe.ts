/** Short forms for what the OpenAPI description says of a route. */
import { describeRoute, type DescribeRouteOptions, resolver } from 'hono-openapi';
import type { MiddlewareHandler } from 'hono';
import type { z } from 'zod';
import { errorSchema } from '../http/server-error.ts';

export interface RouteDescription {
  summary: string;
  description?: string;
  tag: 'Runs' | 'Files' | 'Models' | 'OpenAI';
  /** Of the reply; none: the route has its own in `responses`. */
  reply?: { schema: z.ZodType; status?: number; description?: string };
  /** Of other media types than JSON. */
  media?: { type: string; description: string };
  body?: { [mediaType: string]: z.ZodType };
  parameters?: DescribeRouteOptions['parameters'];
  /** Statuses that errors may have. */
  errors?: readonly number[];
}

const errorTexts: Readonly<Record<number, string>> = {
  400: 'The request is wrong; the message says what is.',
  404: 'There is none of that name.',
  409: 'The state of the run, or of its document, does not allow it.',
  413: 'The body is too large.',
  429: 'Too much at once; try again later.',
  502: 'The language model failed.',
};

/** Says what a route does. Changes nothing of what it does. */
export function describe(route: RouteDescription): MiddlewareHandler {
  const { summary, description, tag, reply, media, body, parameters, errors = [] } = route;
  const responses: NonNullable<DescribeRouteOptions['responses']> = {};
  if (reply !== undefined) {
    responses[String(reply.status ?? 200)] = {
      description: reply.description ?? 'Done.',
      content: { 'application/json': { schema: resolver(reply.schema) } },
    };
  }
  if (media !== undefined) {
    const content = { ...contentOf(responses['200']), [media.type]: { schema: { type: 'string' as const } } };
    responses['200'] = { description: media.description, content };
  }
  for (const status of errors) {
    responses[String(status)] = {
      description: errorTexts[status] ?? 'An error.',
      content: { 'application/json': { schema: resolver(errorSchema) } },
    };
  }
  return describeRoute({
    summary,
    tags: [tag],
    responses,
    ...(description === undefined ? {} : { description }),
    ...(parameters === undefined ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: Object.fromEntries(
              Object.entries(body).map(([type, schema]) => [type, { schema: resolver(schema) }]),
            ),
          },
        }),
  });
}

function contentOf(response: unknown): object {
  return response !== null && typeof response === 'object' && 'content' in response
    ? (response.content as object)
    : {};
}

/** A parameter of the address or of the query. */
export function parameter(
  name: string,
  place: 'path' | 'query' | 'header',
  description: string,
): NonNullable<DescribeRouteOptions['parameters']>[number] {
  return { name, in: place, description, required: place === 'path', schema: { type: 'string' } };
}
