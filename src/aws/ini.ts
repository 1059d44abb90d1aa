/** The settings of each section of one kind, by its name. */
export type Profiles = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** The name of a section, if it is of the kind that is asked for. */
type NameOf = (section: string) => string | undefined;

/** `[profile name]`, `[sso-session name]`, with or without quotes around the name. */
const PREFIXED_SECTION = /^([\w-]+)\s(["'])?([\w\-@+.%:/]+)\2$/;

/**
 * Parses an AWS config file as AWS's JavaScript packages do (`@smithy/core`,
 * shared-ini-file-loader), where a `[profile default]` with settings outranks `[default]`.
 */
export function parseConfigFile(text: string): Profiles {
  const plain = "[default]";
  const profiles = parse(text, (section) => {
    if (section === "default") return plain;
    const [, prefix, , name] = PREFIXED_SECTION.exec(section) ?? [];
    return prefix === "profile" ? name : undefined;
  });
  const plainDefault = profiles.get(plain);
  profiles.delete(plain);
  if (plainDefault && !profiles.get("default")?.size) profiles.set("default", plainDefault);
  return profiles;
}

/** Parses the `[services name]` sections of an AWS config file. */
export function parseServices(text: string): Profiles {
  return parse(text, (section) => {
    const [, prefix, , name] = PREFIXED_SECTION.exec(section) ?? [];
    return prefix === "services" ? name : undefined;
  });
}

/** Parses an AWS credentials file, whose sections are named like the profiles that they describe. */
export function parseCredentialsFile(text: string): Profiles {
  return parse(
    text,
    (section) => section === "" || PREFIXED_SECTION.test(section) ? undefined : section,
  );
}

/**
 * A comment starts at `#` or `;` after white space; an indented line below `name =` belongs to
 * that name. A byte order mark counts as white space.
 */
function parse(text: string, nameOf: NameOf): Map<string, Map<string, string>> {
  const profiles = new Map<string, Map<string, string>>();
  let settings: Map<string, string> | undefined;
  let parent: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    const content = line.split(/(?:^|\s)[;#]/, 1)[0]?.trim() ?? "";
    if (content.startsWith("[") && content.endsWith("]")) {
      settings = settingsOf(nameOf(content.slice(1, -1)), profiles);
      parent = undefined;
      continue;
    }
    const equals = content.indexOf("=");
    if (!settings || equals < 1) continue;
    const name = content.slice(0, equals).trim();
    const value = content.slice(equals + 1).trim();
    if (value === "") {
      parent = name;
      continue;
    }
    if (line.trimStart() === line) parent = undefined;
    settings.set(parent === undefined ? name : `${parent}.${name}`, value);
  }
  return profiles;
}

function settingsOf(
  profile: string | undefined,
  profiles: Map<string, Map<string, string>>,
): Map<string, string> | undefined {
  if (profile === undefined) return undefined;
  const settings = profiles.get(profile) ?? new Map<string, string>();
  profiles.set(profile, settings);
  return settings;
}
