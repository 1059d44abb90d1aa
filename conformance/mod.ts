/**
 * The conformance suite: claims that must hold for every OpenAI client on Amazon Bedrock Mantle.
 *
 * Describe a client as a {@link Subject}, then use {@link runCases} to run the {@link cases} against
 * it, within the process with {@link replay} or over sockets with {@link overSockets}.
 *
 * @module
 */
export { cases } from "./cases/mod.ts";
export { overSockets } from "./over_sockets.ts";
export { replay } from "./replay.ts";
export { runCases, runNegatives } from "./run_cases.ts";
export type { Environment, Opened } from "./run_cases.ts";
export type {
  CallbackProperties,
  CallOptions,
  Capability,
  Case,
  Connection,
  Context,
  Credentials,
  ModelResponse,
  Operation,
  Outcome,
  Question,
  ReceivedResponse,
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
