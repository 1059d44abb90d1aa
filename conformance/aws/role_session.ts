import { AwsRefusal } from "./service.ts";

/** What a caller asks of the session of a role. */
export interface AskedSession {
  readonly roleArn: string;
  readonly name: string;
  readonly seconds: number;
}

/** Reads what both ways to assume a role take, and checks it as STS does before anything else. */
export function askedSession(asked: URLSearchParams): AskedSession {
  const [roleArn, name] = [asked.get("RoleArn") ?? "", asked.get("RoleSessionName") ?? ""];
  const duration = asked.get("DurationSeconds") ?? "3600";
  if (!/^arn:aws[\w-]*:iam::\d{12}:role\/\S+$/.test(roleArn)) throw invalid("roleArn");
  if (!/^[\w+=,.@-]{2,64}$/.test(name)) throw invalid("roleSessionName");
  const seconds = /^\d+$/.test(duration) ? Number(duration) : NaN;
  if (!(seconds >= 900 && seconds <= 43_200)) throw invalid("durationSeconds");
  return { roleArn, name, seconds };
}

/** Assumed: the text, beyond its first words. */
function invalid(member: string): AwsRefusal {
  return validationError(
    `1 validation error detected: Value at '${member}' failed to satisfy constraint`,
  );
}

/** A request that STS cannot serve as it stands. */
export function validationError(message: string): AwsRefusal {
  return new AwsRefusal(400, "ValidationError", message);
}
