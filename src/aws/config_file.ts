/** The settings of each profile of an AWS config file. */
export type Profiles = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** `[profile name]`, `[sso-session name]`, with or without quotes around the name. */
const PREFIXED_SECTION = /^([\w-]+)\s(["'])?([\w\-@+.%:/]+)\2$/;

/**
 * Parses an AWS config file as AWS's JavaScript packages do (`@smithy/core`, shared-ini-file-loader):
 * a comment starts at `#` or `;` after white space, an indented line below `name =` belongs to that
 * name, and a `[profile default]` with settings outranks `[default]`.
 */
export function parseConfigFile(text: string): Profiles {
  const profiles = new Map<string, Map<string, string>>();
  const plainDefault = new Map<string, string>();
  let settings: Map<string, string> | undefined;
  let parent: string | undefined;
  for (const line of text.split(/\r?\n/)) {
    const content = line.split(/(?:^|\s)[;#]/, 1)[0]?.trim() ?? "";
    if (content.startsWith("[") && content.endsWith("]")) {
      const section = content.slice(1, -1);
      settings = section === "default" ? plainDefault : settingsOf(section, profiles);
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
  if (!profiles.get("default")?.size) profiles.set("default", plainDefault);
  return profiles;
}

/** The settings of the profile that a section describes; other kinds of section describe none. */
function settingsOf(
  section: string,
  profiles: Map<string, Map<string, string>>,
): Map<string, string> | undefined {
  const [, prefix, , name] = PREFIXED_SECTION.exec(section) ?? [];
  if (prefix !== "profile" || name === undefined) return undefined;
  const settings = profiles.get(name) ?? new Map<string, string>();
  profiles.set(name, settings);
  return settings;
}
