/** The settings of each profile of an AWS config file. */
export type Profiles = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** `[profile name]`, `[sso-session name]`, with or without quotes around the name. */
const PREFIXED_SECTION = /^([\w-]+)\s(["'])?([\w\-@+.%:/]+)\2$/;

/**
 * Parses an AWS config file as AWS's JavaScript packages do (`@smithy/core`, shared-ini-file-loader):
 * a comment starts at `#` or `;` after white space, an indented line below `name =` belongs to that
 * name, and `[profile default]` outranks `[default]`.
 */
export function parseConfigFile(text: string): Profiles {
  const profiles = new Map<string, Map<string, string>>();
  let settings: Map<string, string> | undefined;
  let parent: string | undefined;
  let plainDefault = true;
  for (const line of text.split(/\r?\n/)) {
    const content = line.split(/(?:^|\s)[;#]/, 1)[0]?.trim() ?? "";
    if (content.startsWith("[") && content.endsWith("]")) {
      const section = content.slice(1, -1);
      const profile = profileName(section);
      parent = undefined;
      settings = undefined;
      if (profile === undefined) continue;
      if (profile === "default") {
        if (section === "default" && !plainDefault) continue;
        if (section !== "default" && plainDefault) profiles.delete("default");
        plainDefault = section === "default";
      }
      settings = profiles.get(profile) ?? new Map();
      profiles.set(profile, settings);
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

/** The profile that a section describes; other kinds of section describe none. */
function profileName(section: string): string | undefined {
  if (section === "default") return section;
  const [, prefix, , name] = PREFIXED_SECTION.exec(section) ?? [];
  return prefix === "profile" ? name : undefined;
}
