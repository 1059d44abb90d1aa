import { describeClaims, readClaims } from "./claims.ts";
import type { RefusedRequest } from "./refused.ts";
import { whyPassing } from "./retries.ts";

/** A refusal that users meet, and what to do about it. */
export interface Advice {
  readonly when: (request: RefusedRequest) => boolean;
  /** True if another token, or other credentials, may be accepted. */
  readonly isOfProof?: true;
  readonly advise: (request: RefusedRequest) => string;
}

/** Matches a code, with or without `Exception`, and the words that go with it. */
function says(code: string, words = /^/): (request: RefusedRequest) => boolean {
  return (request) =>
    request.code.replace(/Exception$/, "") === code && words.test(request.message);
}

const WEB_IDENTITY = "AssumeRoleWithWebIdentity";

/**
 * The first row that matches counts. The codes are those that AWS documents for the operations; the
 * words were seen in public reports.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 * @see https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetCredentialsForIdentity.html
 */
const ADVICE: readonly Advice[] = [
  {
    when: (request) => request.operation === WEB_IDENTITY && says("AccessDenied")(request),
    advise: ({ role, token }) =>
      `Let the trust policy of ${role} allow sts:${WEB_IDENTITY} to the token's identity provider ` +
      `as Federated principal, and compare its conditions with the token: ${describeClaims(token)}`,
  },
  {
    when: says("AccessDenied", /MultiFactorAuth/),
    advise: () => "Resolve a new code in {tokenCode}: each is good for one session only",
  },
  {
    when: says("AccessDenied", /sts:(?:TagSession|SetSourceIdentity)/),
    advise: ({ message }) =>
      `Allow ${
        /sts:\w{1,40}/.exec(message)?.[0]
      } in the trust policy of the role and to the caller`,
  },
  {
    when: says("AccessDenied"),
    advise: ({ role, hasExternalId }) =>
      `Let the trust policy of ${role} allow sts:AssumeRole to the caller, and a policy of the ` +
      "caller allow it on the role. " +
      (hasExternalId
        ? "{externalId} must be the one that the trust policy asks for"
        : "If the trust policy asks for sts:ExternalId, pass {externalId}"),
  },
  {
    when: says("InvalidIdentityToken", /No OpenIDConnect provider/),
    advise: ({ token, role }) =>
      `Create an identity provider of OpenID Connect in IAM, in the account of ${role}, for ` +
      `${token && readClaims(token)?.issuer || "the issuer of the token"}`,
  },
  {
    when: says("InvalidIdentityToken", /audience/i),
    advise: ({ token }) =>
      "Ask for a token with an audience that the identity provider in IAM lists, such as " +
      `sts.amazonaws.com, or add that of the token there: ${describeClaims(token)}`,
  },
  {
    when: says("InvalidIdentityToken", /verification key|certificate|thumbprint/i),
    advise: ({ token }) =>
      "AWS must be able to read /.well-known/openid-configuration and the keys that it names at " +
      `${
        token && readClaims(token)?.issuer || "the issuer of the token"
      }, over https with a valid ` +
      "certificate. If that works, try again: it may have been down",
  },
  {
    when: says("InvalidIdentityToken"),
    advise: () =>
      "Pass an ID token of OpenID Connect, as its issuer signed it, rather than an access token",
  },
  {
    when: (request) =>
      request.token !== undefined &&
      (says("ExpiredToken")(request) || says("IDPRejectedClaim")(request)),
    isOfProof: true,
    advise: ({ token }) =>
      `The token expired ${
        describeEnd(token)
      } or was revoked. Pass a callback as {token} that gets ` +
      "a new one for every session, and set the clock of the machine that issues it",
  },
  {
    when: says("IDPCommunicationError"),
    advise: ({ token }) =>
      "AWS could not reach the issuer of the token in three attempts. Check that it is up: " +
      (token && readClaims(token)?.issuer || "the issuer of the token"),
  },
  {
    when: says("ValidationError", /role chaining/),
    advise: () =>
      "A role that is assumed with another role's credentials lasts an hour at most. Set " +
      "{durationSeconds} to 3600 or less, or assume it with credentials that are not a role's",
  },
  {
    when: says("ValidationError", /MaxSessionDuration|DurationSeconds/),
    advise: ({ role }) =>
      `Lower {durationSeconds}, or raise the maximum session duration of ${role} in IAM`,
  },
  {
    when: says("RegionDisabled"),
    advise: ({ place: { region } }) =>
      `Activate STS in ${
        region ?? "the region"
      } in the account settings of IAM, or set {region} to ` +
      "one where it is active",
  },
  {
    when: says("MalformedPolicyDocument"),
    advise: () => "Correct {policy}: it must be a policy of IAM, in JSON",
  },
  {
    when: says("PackedPolicyTooLarge"),
    advise: () => "Shorten {policy}, {policyArns} and {tags}, which are packed together",
  },
  {
    when: (request) =>
      says("RequestTimeTooSkewed")(request) ||
      /^Signature (?:expired|not yet current)/.test(request.message),
    advise: () => "The clock of this machine is off by more than AWS allows. Set it",
  },
  {
    when: says("ExpiredToken"),
    isOfProof: true,
    advise: () => "{credentials} have expired. Renew them, or pass a provider that does",
  },
  {
    when: (request) => says("InvalidClientTokenId")(request) || says("UnrecognizedClient")(request),
    isOfProof: true,
    advise: ({ place: { region } }) =>
      "AWS does not recognize {credentials}. Check that key, secret and session token belong " +
      `together, and that ${region ?? "the region"} is enabled for their account`,
  },
  {
    when: says("SignatureDoesNotMatch"),
    isOfProof: true,
    advise: () => "Check that the secret of {credentials} belongs to its key, and {region}",
  },
  {
    when: says("NotAuthorized", /^Unauthenticated access/),
    advise: () => "Pass {logins}, or allow guests in the identity pool",
  },
  {
    when: says("NotAuthorized", /expired/i),
    isOfProof: true,
    advise: () =>
      "A token in {logins} has expired. Pass a callback in its place that gets a new one",
  },
  {
    when: says("NotAuthorized", /provider|Issuer|Logins/),
    advise: ({ token }) =>
      "Compare the names in {logins} with the identity providers of the pool, and the token with " +
      `what they accept: ${describeClaims(token)}`,
  },
  {
    when: says("InvalidIdentityPoolConfiguration"),
    advise: () =>
      "Assign roles to the identity pool whose trust policies allow cognito-identity.amazonaws.com",
  },
  {
    when: (request) => request.operation.startsWith("Get") && says("ResourceNotFound")(request),
    advise: () => "Check {identityPoolId}, and that the pool is in its region",
  },
  {
    when: ({ code }) => whyPassing(code) === "throttled",
    advise: () =>
      "There were too many requests. Create one provider and use it for all clients: it reuses " +
      "credentials until shortly before they expire",
  },
];

/** Finds the advice for a refusal; `undefined` if the service's own words say enough. */
export function findAdvice(request: RefusedRequest): Advice | undefined {
  return ADVICE.find(({ when }) => when(request));
}

function describeEnd(token: string | undefined): string {
  const end = token && readClaims(token)?.expiration;
  return end ? `at ${end.toISOString()}` : "";
}
