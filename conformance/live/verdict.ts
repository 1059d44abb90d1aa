import { bytesOf, type PlayedResponse } from "../cassette.ts";
import type { Answer } from "./ask.ts";
import { eventTypes, shapeDifferences, shapeOf } from "./shape.ts";

/** What became of a live call. */
export type Verdict =
  | { readonly result: "as expected" }
  | { readonly result: "otherwise"; readonly differences: readonly string[] }
  | { readonly result: "skipped"; readonly reason: string }
  | { readonly result: "refused"; readonly reason: string };

/** Judges an answer by the cassette, and tells what an account lacks from what the service changed. */
export function verdict(expected: PlayedResponse, answer: Answer): Verdict {
  if (answer.status !== expected.status) {
    const refusal = refusalOf(answer);
    if (refusal !== undefined) return { result: "refused", reason: refusal };
    const reason = lack(answer);
    if (reason) return { result: "skipped", reason };
    return {
      result: "otherwise",
      differences: [`status ${answer.status}, not ${expected.status}`],
    };
  }
  const differences = expected.chunks
    ? streamDifferences(textOf(expected), answer.text)
    : bodyDifferences(textOf(expected), answer.text);
  return differences.length ? { result: "otherwise", differences } : { result: "as expected" };
}

/** What is said to a credential that is not accepted, whatever it is used for. */
function refusalOf({ status, text }: Answer): string | undefined {
  if (status !== 401) return undefined;
  const answer = parsed(text) as { error?: { code?: unknown; message?: unknown } } | undefined;
  const { code, message } = answer?.error ?? {};
  return code === "invalid_api_key" ? `The credential is refused: ${message}` : undefined;
}

/** Observed: apresai/2ndbrain, litellm issue 33094, aws-samples/sample-per-model-bedrock. */
function lack({ status, text }: Answer): string | undefined {
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
