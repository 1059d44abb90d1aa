import { readProperty } from "./read_property.ts";

/** What Deno may withhold from a program. */
export interface Permission {
  readonly name: "env" | "read" | "write" | "run" | "net" | "sys";
  readonly variable?: string;
  readonly path?: string;
  readonly command?: string;
  readonly host?: string;
  readonly kind?: "homedir" | "osRelease";
}

/** The part of Deno that answers for permissions. */
export interface MaybeDeno {
  Deno?: { permissions: { querySync(permission: Permission): { state: string } } };
}

/** Asks Deno beforehand, which keeps it from prompting; other runtimes permit everything. */
export function permitted(permission: Permission, runtime = globalThis as MaybeDeno): boolean {
  const Deno = readProperty(runtime, "Deno") as MaybeDeno["Deno"];
  return !Deno || Deno.permissions.querySync(permission).state === "granted";
}
