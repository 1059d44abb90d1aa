import type { Case } from "../case.ts";
import { changesHeader, changesOptions, changesRequest, type Fault } from "../subjects/faults.ts";
import { call, empty, last, sentBy } from "./steps.ts";
import { verifies } from "./signature.ts";

const mantle: Case = {
  id: "sigv4/mantle-signs-for-bedrock-mantle",
  title: "A request to Mantle is signed for the service bedrock-mantle, and the signature verifies",
  source: "https://github.com/BerriAI/litellm/issues/31475",
  needs: ["respond", "sigv4"],
  handle: empty,
  async run(subject, context) {
    const { region, credentials } = context;
    await verifies(await sentBy(subject, context, { region, ...credentials }), context, {
      credentials,
    });
  },
  // Changes the body after it was signed
  negative: changesRequest((request) => void (request.body = "{}")),
};

const runtime: Case = {
  id: "sigv4/runtime-signs-for-bedrock",
  title: "A request to Bedrock Runtime is signed for the service bedrock",
  source: "https://github.com/BerriAI/litellm/issues/31475",
  needs: ["respond", "sigv4", "runtime"],
  handle: empty,
  async run(subject, context) {
    const { region, credentials } = context;
    const options = { region, endpoint: "runtime", ...credentials } as const;
    const request = await sentBy(subject, context, options);
    await verifies(request, context, { credentials, endpoint: "runtime" });
  },
  negative: changesOptions((options) => ({ ...options, endpoint: "mantle" })),
};

/** Calls with keys, each of whose signatures must verify. */
interface Signed {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  readonly calls: readonly (readonly [method: "GET" | "POST" | "DELETE", path: string])[];
  readonly negative: Fault;
}

function signed({ id, calls, ...rest }: Signed): Case {
  return {
    id: `sigv4/${id}`,
    ...rest,
    needs: ["call", "sigv4"],
    handle: empty,
    async run(subject, context) {
      const { region, credentials, fetch } = context;
      const connection = await subject.connect({ region, ...credentials }, fetch);
      for (const [method, path] of calls) {
        await call(connection, method, path, method === "POST" ? { body: {} } : {});
        await verifies(last(context), context, { credentials });
      }
    },
  };
}

const requests: readonly Signed[] = [
  {
    id: "every-method-is-signed",
    title: "GET and DELETE are signed like POST",
    source: "vercel/ai packages/amazon-bedrock/src/amazon-bedrock-sigv4-fetch.ts",
    calls: [
      ["GET", "/responses/resp_1"],
      ["DELETE", "/responses/resp_1"],
      ["POST", "/responses/resp_1/cancel"],
      ["GET", "/models"],
    ],
    negative: changesHeader("authorization", undefined),
  },
  {
    id: "odd-paths",
    title: "Encoded slashes, colons, semicolons and letters beyond ASCII in a path are signed",
    source: "https://github.com/aws/aws-sdk-js-v3/pull/3408",
    calls: [
      ["GET", "/models/openai.gpt-oss-120b-1:0"],
      ["GET", "/models/a%2Fb"],
      ["GET", "/models/a;b=c"],
      ["GET", "/models/%C3%A9"],
      ["GET", "/models//twice"],
      ["GET", "/models/./up/../down"],
    ],
    negative: changesRequest((request) => {
      request.url = request.url.replace("/v1/", "/v1/added/");
    }),
  },
];

export const sigv4: readonly Case[] = [mantle, runtime, ...requests.map(signed)];
