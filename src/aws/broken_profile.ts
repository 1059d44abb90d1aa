import { showUnlessKey } from "../errors.ts";
import type { AwsFiles, Profile } from "./files.ts";

/** Says why a profile gives no credentials, and what to write instead. */
export function describeBrokenProfile({ name, label, settings }: Profile, files: AwsFiles): string {
  if (settings === undefined) return describeMissing(name, files);
  const has = (...names: string[]) => names.map((each) => settings.has(each));
  const [id, secret, token] = has(
    "aws_access_key_id",
    "aws_secret_access_key",
    "aws_session_token",
  );
  const [role, source, other] = has("role_arn", "source_profile", "credential_source");
  if (id !== secret) {
    const [present, absent] = id
      ? ["aws_access_key_id", "aws_secret_access_key"]
      : ["aws_secret_access_key", "aws_access_key_id"];
    return `the profile ${label} has ${present} without ${absent}`;
  }
  if (token && !id) return `the profile ${label} has aws_session_token without the keys`;
  if (role && source && other) {
    return `the profile ${label} has both source_profile and credential_source. Keep one of them`;
  }
  if (role) {
    return `the profile ${label} has role_arn, but neither source_profile nor credential_source`;
  }
  return `the profile ${label} names no source of credentials`;
}

/** Says that a profile does not exist, and which one may be meant. */
export function describeMissing(name: string, files: AwsFiles): string {
  const label = showUnlessKey(name);
  const missing = `there is no profile ${label} in the AWS files`;
  if (files.hasPlainSection(name)) {
    return `${missing}: in the config file, write [profile ${label}] instead of [${label}]`;
  }
  const near = files.names().filter((each) => distance(each, name) <= 2).slice(0, 3);
  return near.length ? `${missing}. Did you mean ${near.join(" or ")}?` : missing;
}

/** Counts the letters that differ (Levenshtein distance). */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [at, letter] of [...one].entries()) {
    const next = [at + 1];
    for (const [index, each] of [...other].entries()) {
      const changed = row[index]! + (letter === each ? 0 : 1);
      next.push(Math.min(changed, row[index + 1]! + 1, next[index]! + 1));
    }
    row = next;
  }
  return row.at(-1)!;
}
