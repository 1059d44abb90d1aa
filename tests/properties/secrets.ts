import assert from "node:assert/strict";
import { Buffer } from "node:buffer";

/** Credentials that look like nothing else, so that any part of them is known again. */
export const SECRETS = {
  apiKey: "q7Zx8Kd4/Vm2Rt9+Jw5Yb3Lc6Hg1Nf==",
  secretAccessKey: "u3Nf7/Ps0+Xe5Dk8Qa2/Wo6Ti9Gz4Bm1Cv",
  sessionToken: "r5Yh1/Lj8+Mb4Vc7/Kx2Zq9+Sd6Fg3Pw==",
  password: "t9Wm4Xs7Jf2Kb6Rn",
} as const;

/** Keys that sign, with the secrets in them. */
export const KEYS = {
  accessKeyId: "ASIAFUZZ",
  secretAccessKey: SECRETS.secretAccessKey,
  sessionToken: SECRETS.sessionToken,
} as const;

/** Returns every encoding that a secret might leak in. */
function spellings(secret: string): string[] {
  const bytes = [0, 1, 2].map((shift) => Buffer.from("\0".repeat(shift) + secret));
  return [
    secret,
    encodeURIComponent(secret),
    encodeURIComponent(encodeURIComponent(secret)),
    Buffer.from(secret).toString("hex"),
    [...secret].reverse().join(""),
    // Text that Base64 begins or ends with depends on what is beside the secret
    ...bytes.flatMap((each) =>
      ["base64", "base64url"].map((form) =>
        each.toString(form as "base64").slice(4).replace(/.{4}$/, "")
      )
    ),
  ];
}

/** So many characters of a secret in a row are no accident. */
const PART = 8;

const PARTS: readonly string[] = [
  ...new Set(
    Object.values(SECRETS).flatMap(spellings).map((text) => text.toLowerCase()).flatMap((text) =>
      Array.from({ length: text.length - PART + 1 }, (_, start) => text.slice(start, start + PART))
    ),
  ),
];

/** Asserts that what is shown holds no part of a secret, however it is spelled. */
export function assertSilent(shown: string, where: string): void {
  const text = shown.toLowerCase();
  const part = PARTS.find((each) => text.includes(each));
  if (part === undefined) return;
  const start = Math.max(0, text.indexOf(part) - 80);
  assert.fail(`${where} shows ${JSON.stringify(part)}: …${shown.slice(start, start + 240)}…`);
}
