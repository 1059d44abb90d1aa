/** What every short-term key begins with. */
export const SHORT_TERM_PREFIX = "bedrock-api-key-";

/** The longest life that AWS grants. */
export const LONGEST_SECONDS = 12 * 60 * 60;

/** The same host for every region and for both endpoint families. */
export const KEY_HOST = "bedrock.amazonaws.com";

/** What every signed URL in a key begins with. */
export const SIGNED_URL = `${KEY_HOST}/?`;
