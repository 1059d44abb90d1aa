import { bedrock, BedrockError, type Fetch, mintKey } from "@mantle/bedrock";
import { bedrock as awsBedrock } from "@mantle/bedrock/aws";

const provider = bedrock({ region: "us-west-2", apiKey: "key" });
export const fetches: Fetch[] = [provider.fetch, awsBedrock({ profile: "work" }).fetch];
export const url: string = provider.url;
export const explained: Promise<object> = provider.explain();
export const { key }: { readonly key: string } = await mintKey({ region: "us-west-2" });
export const isOurs = (error: unknown): boolean => error instanceof BedrockError;

// @ts-expect-error: the result is no `any`
provider.nothing;
// @ts-expect-error: two ways at once
bedrock({ apiKey: "key", tokenProvider: () => "key" });
