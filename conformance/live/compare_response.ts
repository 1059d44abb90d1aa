import { bytesOf, type PlayedResponse } from "../cassette.ts";
import type { LiveResponse } from "./make_call.ts";
import { eventTypes, shapeDifferences, shapeOf } from "./shape.ts";

/** The result of a live call. */
export type Comparison =
  | { readonly result: "as expected" }
  | { readonly result: "different"; readonly differences: readonly string[] }
  | { readonly result: "skipped"; readonly reason: string }
  | { readonly result: "refused"; readonly reason: string };

/** Compares a response with a cassette. A call is skipped if the account lacks what it needs. */
export function compareResponse(expected: PlayedResponse, response: LiveResponse): Comparison {
  if (response.status !== expected.status) {
    const refusal = findRefusal(response);
    if (refusal !== undefined) return { result: "refused", reason: refusal };
    const reason = findLack(response);
    if (reason) return { result: "skipped", reason };
    return {
      result: "different",
      differences: [`status ${response.status}, not ${expected.status}`],
    };
  }
  const differences = expected.chunks
    ? streamDifferences(textOf(expected), response.text)
    : bodyDifferences(textOf(expected), response.text);
  return differences.length ? { result: "different", differences } : { result: "as expected" };
}

/** Finds out whether the service refused the credential. */
function findRefusal({ status, text }: LiveResponse): string | undefined {
  if (status !== 401) return undefined;
  const body = parsed(text) as { error?: { code?: unknown; message?: unknown } } | undefined;
  const { code, message } = body?.error ?? {};
  return code === "invalid_api_key" ? `The credential was refused: ${message}` : undefined;
}

/**
 * Finds out what the account lacks. Observed: apresai/2ndbrain, litellm issue 33094,
 * aws-samples/sample-per-model-bedrock.
 */
function findLack({ status, text }: LiveResponse): string | undefined {
  if (/is not available for this account/.test(text)) {
    return "The account has no access to the model";
  }
  if (/is not authorized to perform/.test(text)) return "The identity lacks a permission";
  if (status === 404 && /does not exist/.test(text)) return "The model is not in this Region";
  if (status === 429) return "The quota is used up for now";
  return undefined;
}

function textOf(expected: PlayedResponse): string {
  const pieces = expected.chunks ?? (expected.body ? [expected.body] : []);
  return pieces.map((piece) => new TextDecoder().decode(bytesOf(piece))).join("");
}

function bodyDifferences(expected: string, found: string): string[] {
  const [wanted, got] = [parsed(expected), parsed(found)];
  if (wanted === undefined || got === undefined) {
    return (wanted === undefined) === (got === undefined) ? [] : ["one of the bodies is not JSON"];
  }
  return shapeDifferences(shapeOf(wanted), shapeOf(got));
}

function streamDifferences(expected: string, found: string): string[] {
  const wanted = new Set(eventTypes(expected));
  const got = new Set(eventTypes(found));
  return [
    ...[...wanted].filter((type) => !got.has(type)).map((type) => `no ${type} in the stream`),
    ...[...got].filter((type) => !wanted.has(type)).map((type) => `${type} in the stream is new`),
  ];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
