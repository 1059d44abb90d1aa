import type { Case } from "../case.ts";
import { aborts } from "./aborts.ts";
import { auth } from "./auth.ts";
import { authLookups } from "./auth_lookups.ts";
import { authRefusals } from "./auth_refusals.ts";
import { bearer } from "./bearer.ts";
import { bodies } from "./bodies.ts";
import { responseBodies } from "./bodies_responses.ts";
import { silences } from "./bodies_silence.ts";
import { containment } from "./containment.ts";
import { containmentArguments } from "./containment_arguments.ts";
import { containmentMoves } from "./containment_moves.ts";
import { conversation } from "./conversation.ts";
import { endpoint } from "./endpoint.ts";
import { endpointRefusals } from "./endpoint_refusals.ts";
import { errors } from "./errors.ts";
import { explanations } from "./explained.ts";
import { explainedRefusals } from "./explained_refusals.ts";
import { explainedShapes } from "./explained_shapes.ts";
import { files } from "./files.ts";
import { keys } from "./keys.ts";
import { keysMinting } from "./keys_minting.ts";
import { leftovers } from "./leftovers.ts";
import { recovery } from "./recovery.ts";
import { recoveryClock } from "./recovery_clock.ts";
import { recoveryLimits } from "./recovery_limits.ts";
import { retries } from "./retries.ts";
import { routing } from "./routes.ts";
import { routingService } from "./routes_service.ts";
import { secrets } from "./secrets.ts";
import { service } from "./service.ts";
import { sigv4 } from "./sigv4.ts";
import { sigv4Bodies } from "./sigv4_bodies.ts";
import { sigv4Changes } from "./sigv4_changes.ts";
import { sigv4Credentials } from "./sigv4_credentials.ts";
import { sigv4Headers } from "./sigv4_headers.ts";
import { sigv4Queries } from "./sigv4_queries.ts";
import { streaming } from "./streaming.ts";
import { streamingEnds } from "./streaming_ends.ts";
import { waits } from "./waits.ts";

/** Every case, by topic. */
export const cases: readonly Case[] = [
  ...endpoint,
  ...endpointRefusals,
  ...auth,
  ...authRefusals,
  ...authLookups,
  ...bearer,
  ...keys,
  ...keysMinting,
  ...sigv4,
  ...sigv4Queries,
  ...sigv4Headers,
  ...sigv4Bodies,
  ...sigv4Credentials,
  ...sigv4Changes,
  ...containment,
  ...containmentArguments,
  ...containmentMoves,
  ...secrets,
  ...retries,
  ...aborts,
  ...waits,
  ...leftovers,
  ...streaming,
  ...streamingEnds,
  ...routing,
  ...routingService,
  ...errors,
  ...explanations,
  ...explainedShapes,
  ...explainedRefusals,
  ...bodies,
  ...responseBodies,
  ...silences,
  ...recovery,
  ...recoveryLimits,
  ...recoveryClock,
  ...conversation,
  ...files,
  ...service,
];
