import type { Case, Context, Subject } from "../case.ts";
import { equal, ok } from "../check.ts";
import { changesHeader, changesRequest, sendsWhenRefused } from "../subjects/faults.ts";
import { ask, call, empty, evenIfRefused, last } from "./steps.ts";
import { verifies } from "./signature.ts";
import { BEDROCK_GUIDE } from "./sources.ts";

const ANTHROPIC = "anthropics/anthropic-sdk-typescript packages/bedrock-sdk/CHANGELOG.md";

const bodies: Case = {
  id: "sigv4/bodies-byte-for-byte",
  title: "Text beyond ASCII and bytes that are not text are signed and arrive unchanged",
  source: "vercel/ai packages/amazon-bedrock/src/amazon-bedrock-sigv4-fetch.ts",
  needs: ["call", "sigv4"],
  handle: empty,
  async run(subject, context) {
    const { region, credentials, fetch } = context;
    const connection = await subject.connect({ region, ...credentials }, fetch);
    await call(connection, "POST", "/responses", { body: { input: "Grüße \u2028 \u{1f600}" } });
    await verifies(last(context), context, { credentials });
    const body = new Uint8Array([0, 0xff, 0xc3, 0x28, 0x0a, 0xfe]);
    const headers = { "content-type": "application/octet-stream" };
    await call(connection, "POST", "/responses", { body, headers });
    await verifies(last(context), context, { credentials });
    equal([...last(context).body], [...body], "Bytes");
  },
  negative: changesRequest((request) => {
    if (typeof request.body !== "string") request.body = "\u0000\ufffd\ufffd(\n\ufffd";
  }),
};

const FORM = new URLSearchParams({ a: "1 2", b: "+" });

const objects: Case = {
  id: "sigv4/blobs-and-forms",
  title: "A blob and a form are signed byte for byte, with their own content type",
  source: BEDROCK_GUIDE,
  own: true,
  needs: ["call", "sigv4"],
  handle: empty,
  async run(subject, context) {
    const { region, credentials, fetch } = context;
    const connection = await subject.connect({ region, ...credentials }, fetch);
    const blob = new Blob([new Uint8Array([0, 0xff, 0xc3])], { type: "audio/wav" });
    const types = { "audio/wav": blob, "application/x-www-form-urlencoded": FORM };
    for (const [type, body] of Object.entries(types)) {
      await call(connection, "POST", "/responses", { body });
      ok(last(context).headers.get("content-type")?.startsWith(type), `The type is not ${type}`);
      await verifies(last(context), context, { credentials });
    }
  },
  negative: changesRequest((request) => void (request.body = "{}")),
};

const stream: Case = {
  id: "sigv4/no-signature-for-a-stream",
  title: "A stream is refused or sent with its true hash",
  source: BEDROCK_GUIDE,
  needs: ["call", "sigv4"],
  handle: empty,
  async run(subject, context) {
    const { region, credentials, fetch } = context;
    const connection = await subject.connect({ region, ...credentials }, fetch);
    const body = new Blob(["text"]).stream();
    await evenIfRefused(call(connection, "POST", "/responses", { body, maxRetries: 0 }));
    for (const request of context.sent) await verifies(request, context, { credentials });
  },
  negative: sendsWhenRefused,
};

/** Edits a body that has been signed, as a wrapper of `fetch` may do. */
function edit(init: RequestInit): RequestInit {
  return { ...init, body: String(init.body).replace("Say hello!", "Say goodbye!") };
}

async function askEdited(subject: Subject, context: Context): Promise<void> {
  const { region, credentials, fetch } = context;
  const connection = await subject.connect({ region, ...credentials, edit }, fetch);
  await ask(connection, { maxRetries: 0 });
  const body = new TextDecoder().decode(last(context).body);
  ok(body.includes("Say goodbye!"), "The edit is lost");
}

const edited: Case = {
  id: "sigv4/edited-body-shows",
  title: "A body that a wrapper of fetch has edited does not pass as the one that was signed",
  source: ANTHROPIC,
  needs: ["respond", "sigv4"],
  handle: empty,
  async run(subject, context) {
    await evenIfRefused(askEdited(subject, context));
    // An unsigned body would hide the edit, whether it was signed before or after it
    for (const { headers } of context.sent) {
      ok(headers.get("x-amz-content-sha256") !== "UNSIGNED-PAYLOAD", "The body is not signed");
    }
  },
  negative: changesHeader("x-amz-content-sha256", "UNSIGNED-PAYLOAD"),
};

const signedAgain: Case = {
  id: "sigv4/edited-body-is-signed-anew",
  title: "A body that a wrapper of fetch has edited is signed as it is sent",
  source: ANTHROPIC,
  own: true,
  needs: ["respond", "sigv4", "signsEdits"],
  handle: empty,
  async run(subject, context) {
    await askEdited(subject, context);
    const { credentials } = context;
    await verifies(last(context), context, { credentials });
  },
  negative: changesRequest((request) => void (request.body = `${request.body} `)),
};

export const sigv4Bodies: readonly Case[] = [bodies, objects, stream, edited, signedAgain];
