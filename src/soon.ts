/** What may be at hand or come later; to wait for the former costs next to nothing. */
export type Soon<T> = T | Promise<T>;
