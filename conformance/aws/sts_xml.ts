import type { AwsRefusal } from "./service.ts";
import { formatInstant } from "./temporary_credentials.ts";
import type { TemporaryCredentials } from "./temporary_credentials.ts";

const NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";

/** A session of a role. */
export interface Session {
  readonly roleArn: string;
  readonly name: string;
  readonly credentials: TemporaryCredentials;
  /** The time it expires, in milliseconds since 1970. */
  readonly expires: number;
}

/** Builds the response of an operation that returns a session. */
export function sessionResponse(action: string, session: Session): Response {
  const { accessKeyId, secretAccessKey, sessionToken } = session.credentials;
  return xml(
    200,
    element(`${action}Response xmlns="${NAMESPACE}"`, [
      element(`${action}Result`, [
        element("AssumedRoleUser", [
          element("AssumedRoleId", `AROAEXAMPLE:${session.name}`),
          element("Arn", sessionArn(session)),
        ]),
        element("Credentials", [
          element("AccessKeyId", accessKeyId),
          element("SecretAccessKey", secretAccessKey),
          element("SessionToken", sessionToken),
          element("Expiration", formatInstant(session.expires)),
        ]),
      ]),
      element("ResponseMetadata", [element("RequestId", crypto.randomUUID())]),
    ]),
  );
}

/** Builds the response to a refused request. */
export function errorResponse({ status, code, message }: AwsRefusal): Response {
  return xml(
    status,
    element(`ErrorResponse xmlns="${NAMESPACE}"`, [
      element("Error", [
        element("Type", "Sender"),
        element("Code", code),
        element("Message", message),
      ]),
      element("RequestId", crypto.randomUUID()),
    ]),
  );
}

function sessionArn({ roleArn, name }: Session): string {
  const [, , , , account = "", resource = ""] = roleArn.split(":");
  return `arn:aws:sts::${account}:assumed-role/${resource.split("/").at(-1)}/${name}`;
}

function element(tag: string, content: string | readonly string[]): string {
  const inner = typeof content === "string" ? escapeXml(content) : content.join("");
  return `<${tag}>${inner}</${tag.split(" ")[0]}>`;
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function xml(status: number, text: string): Response {
  return new Response(text, { status, headers: { "content-type": "text/xml" } });
}
