import { OpenAPIGenerator } from '@orpc/openapi'
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4'
import { centreContract } from '@yizhan/contracts/centre'

/** The OpenAPI document of the centre, as integrators read it. */
export type ApiDocument = Awaited<ReturnType<OpenAPIGenerator['generate']>>

/** Writes the OpenAPI 3.1 document of everything under `/api/v1`, straight from the contract. */
export async function apiDocument(): Promise<ApiDocument> {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] })
  const { appointment, fleet, organisation, pairing, staff, tenant } = centreContract
  return await generator.generate(
    { appointment, fleet, organisation, pairing, staff, tenant },
    {
      info: {
        title: '医站 Yizhan API',
        version: '1',
        description:
          'Bookings, stations and structure of one hospital. Calls act in the hospital of the signed-in member.',
      },
      servers: [{ url: '/api/v1' }],
    },
  )
}
