import type { Case, SubjectOptions } from "../case.ts";
import { sendsWhenRefused } from "../subjects/faults.ts";
import { empty, refuses } from "./steps.ts";
import { PYTHON_CASES } from "./sources.ts";

const KEYS = { accessKeyId: "AKIDOPTION", secretAccessKey: "example-option-secret" };

const conflicts: Readonly<Record<string, SubjectOptions>> = {
  "a token and keys": { apiKey: "option-token", ...KEYS },
  "a token and a credential provider": { apiKey: "option-token", credentialProvider: () => KEYS },
  "keys and a credential provider": { ...KEYS, credentialProvider: () => KEYS },
};

const halves: Readonly<Record<string, SubjectOptions>> = {
  "an access key id alone": { accessKeyId: KEYS.accessKeyId },
  "a secret access key alone": { secretAccessKey: KEYS.secretAccessKey },
  "a session token alone": { sessionToken: "example-session" },
};

const blanks: Readonly<Record<string, SubjectOptions>> = {
  "an empty API key": { apiKey: "" },
  "a blank API key": { apiKey: "  " },
  "an empty access key id": { accessKeyId: "", secretAccessKey: "secret" },
  "an empty secret access key": { accessKeyId: "AKIDOPTION", secretAccessKey: "" },
};

function refusal(
  id: string,
  title: string,
  options: Readonly<Record<string, SubjectOptions>>,
): Case {
  return {
    id: `auth/${id}`,
    title,
    source: PYTHON_CASES,
    needs: ["respond", "sigv4"],
    handle: empty,
    async run(subject, context) {
      for (const [what, each] of Object.entries(options)) {
        await refuses(subject, context, { region: context.region, ...each }, what);
      }
    },
    negative: sendsWhenRefused,
  };
}

export const authRefusals: readonly Case[] = [
  refusal("two-modes-are-refused", "Options for two ways to authenticate are refused", conflicts),
  refusal("half-a-key-pair-is-refused", "Half of a key pair is refused", halves),
  refusal("blank-credentials-are-refused", "Blank credentials are refused", blanks),
];
