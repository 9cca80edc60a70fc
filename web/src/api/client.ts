import createClient from "openapi-fetch";
import { Failure } from "./problem";
import type { components, paths } from "./schema";

export type Schema = components["schemas"];

export const api = createClient<paths>({ baseUrl: globalThis.location?.origin ?? "" });

api.use({
  onRequest({ request }) {
    // A form on a foreign page cannot set a header: this is what tells the server that we asked.
    if (request.method !== "GET") request.headers.set("x-bulkhead-csrf", "1");
    return request;
  },
});

/** The body of a successful answer; every other outcome is thrown as a {@link Failure}. */
export async function answer<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  let result;
  try {
    result = await call;
  } catch (error) {
    throw error instanceof DOMException && error.name === "AbortError" ? error : Failure.unreachable();
  }
  if (result.response.ok) return result.data as T;
  throw Failure.from(result.error, result.response);
}
