import { AwsRefusal } from "./service.ts";

/** A request for a session of a role. */
export interface SessionRequest {
  readonly roleArn: string;
  readonly name: string;
  readonly seconds: number;
}

/** Reads the parameters that both operations share, and checks them as STS does, before the rest. */
export function readSessionRequest(parameters: URLSearchParams): SessionRequest {
  const roleArn = parameters.get("RoleArn") ?? "";
  const name = parameters.get("RoleSessionName") ?? "";
  const duration = parameters.get("DurationSeconds") ?? "3600";
  if (!/^arn:aws[\w-]*:iam::\d{12}:role\/\S+$/.test(roleArn)) throw invalid("roleArn");
  if (!/^[\w+=,.@-]{2,64}$/.test(name)) throw invalid("roleSessionName");
  const seconds = /^\d+$/.test(duration) ? Number(duration) : NaN;
  if (!(seconds >= 900 && seconds <= 43_200)) throw invalid("durationSeconds");
  return { roleArn, name, seconds };
}

/** Refuses a parameter. Assumed: the message after its first words. */
function invalid(member: string): AwsRefusal {
  return validationError(
    `1 validation error detected: Value at '${member}' failed to satisfy constraint`,
  );
}

/** Refuses an invalid request. */
export function validationError(message: string): AwsRefusal {
  return new AwsRefusal(400, "ValidationError", message);
}
