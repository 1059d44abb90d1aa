/**
 * The conformance suite: what must hold of any OpenAI client on Amazon Bedrock Mantle.
 *
 * Describe a client as a {@link Subject}, and have {@link runCases} hold it against the
 * {@link cases}, in the process by {@link replay} or {@link overSockets}.
 *
 * @module
 */
export { cases } from "./cases/mod.ts";
export { overSockets } from "./over_sockets.ts";
export { replay } from "./replay.ts";
export { runCases, runNegatives } from "./run_cases.ts";
export type { Environment, Opened } from "./run_cases.ts";
export type {
  ArrivedAnswer,
  CallOptions,
  Capability,
  Case,
  Connection,
  Context,
  Credentials,
  Operation,
  Outcome,
  Question,
  Refreshing,
  SentRequest,
  Service,
  ShownExchange,
  StreamEvent,
  Subject,
  SubjectOptions,
} from "./case.ts";
export type {
  Bytes,
  Cassette,
  CassetteExchange,
  CassetteSource,
  Chunk,
  Content,
  ExpectedBody,
  ExpectedRequest,
  Head,
  Header,
  PlayedResponse,
  StreamedBody,
  WholeBody,
} from "./cassette.ts";
export type { Endpoint } from "./mantle/models.ts";
