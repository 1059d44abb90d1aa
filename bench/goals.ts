import type { RuntimeName } from "../tools/runtimes.ts";
import { AWS_ENTRY, ENTRY, IMPORT } from "./measure.ts";
import type { Clock } from "./rounds.ts";
import {
  AI_SDK,
  AWS4FETCH,
  OFFICIAL_AWS,
  OFFICIAL_BEARER,
  OURS,
  OURS_WEB_CRYPTO,
  PLAIN,
  PLAIN_AI_SDK,
  PLAIN_FETCH,
  SMITHY,
} from "./subjects.ts";

/** Two subjects of a scene, as a ratio. */
export interface Comparison {
  readonly what: string;
  readonly scene: string;
  readonly ours: string;
  readonly peer: string;
  /** Subjects whose times are subtracted first, so that the time added is compared. */
  readonly bases?: readonly [ours: string, peer: string];
  /** The ratio to reach, on Deno, Node and Bun. */
  readonly goal?: readonly [deno: number, node: number, bun: number];
  /** The one clock that tells something, where only one does. */
  readonly clock?: Clock;
}

const added = { ours: OURS, bases: [PLAIN, PLAIN] } as const;
const toAiSdk = { ours: OURS, peer: AI_SDK, bases: [PLAIN, PLAIN_AI_SDK] } as const;
const stream = { ours: OURS, peer: PLAIN_FETCH } as const;
const asPlain = { ...stream, goal: [1.05, 1.05, 1.05] } as const;
const imported = { scene: IMPORT, peer: OFFICIAL_AWS, goal: [0.3, 0.3, 0.3] } as const;

/** Compares a signature of this size with both signers. */
function signature(size: string): Comparison[] {
  const scene = `signature, ${size}`;
  return [
    { what: scene, scene, ours: OURS, peer: SMITHY, goal: [0.75, 0.35, 0.45] },
    {
      what: `${scene}, Web Crypto alone`,
      scene,
      ours: OURS_WEB_CRYPTO,
      peer: AWS4FETCH,
      goal: [0.7, 0.7, 0.8],
    },
  ];
}

/** Compares the first byte of a stream; only elapsed time tells anything after a wait. */
function firstByte(auth: string): Comparison[] {
  const [atOnce, late] = ["sent at once", "sent after 20 ms"].map((when) => ({
    what: `first byte of a stream ${when}, ${auth}`,
    scene: `stream, ${when}, ${auth}`,
  }));
  return [{ ...atOnce!, ...stream }, { ...late!, ...asPlain, clock: "elapsed" }];
}

/** The comparisons, with their goals. */
export const comparisons: readonly Comparison[] = [
  ...signature("200 B"),
  ...signature("4 kB"),
  {
    what: "time added to `responses.create`, AWS keys",
    scene: "create, AWS keys",
    peer: OFFICIAL_AWS,
    ...added,
    goal: [0.65, 0.45, 0.5],
  },
  { what: "the same", scene: "create, AWS keys", ...toAiSdk },
  {
    // Whole calls: the official one adds next to nothing, by which nothing can be divided
    what: "`responses.create` as a whole, bearer",
    scene: "create, bearer",
    ours: OURS,
    peer: OFFICIAL_BEARER,
    goal: [1.1, 1.1, 1.1],
  },
  {
    what: "time added with a body of 1 MB, AWS keys",
    scene: "create, AWS keys, 1 MB",
    peer: OFFICIAL_AWS,
    ...added,
    goal: [0.85, 0.85, 0.9],
  },
  {
    what: "time added by `.fetch`, AWS keys",
    scene: "fetch, AWS keys",
    ours: OURS,
    peer: AWS4FETCH,
    bases: [PLAIN_FETCH, PLAIN_FETCH],
  },
  { what: "import of `mod.ts`", ours: ENTRY!, ...imported },
  { what: "import of `aws.ts`", ours: AWS_ENTRY!, ...imported },
  ...firstByte("bearer"),
  ...firstByte("AWS keys"),
  { what: "a stream of 32 MB", scene: "stream, 32 MB, bearer", ...asPlain },
  {
    what: "the same, read along for the id of a response (models under `/v1`)",
    scene: "stream, 32 MB, read along, bearer",
    ...asPlain,
  },
];

/** Returns the goal of a comparison on a runtime. */
export function goalOn({ goal }: Comparison, name: RuntimeName): number | undefined {
  const place = name === "deno" ? 0 : name === "bun" ? 2 : 1;
  return goal?.[place];
}
