import { test } from "node:test";
import { keySettings, onMachine, section, temporary, USER_KEYS } from "../support/machine.ts";

const WORK = temporary("work");
const CREDENTIALS = section("default", keySettings(USER_KEYS)) + section("work", keySettings(WORK));
const CONFIG = section("default", keySettings(USER_KEYS)) +
  section("profile work", keySettings(WORK));

test("the default profile of the credentials file signs, and a named one", async () => {
  await onMachine(async ({ write, signsAs }) => {
    await write(".aws/credentials", CREDENTIALS);
    await signsAs(USER_KEYS);
    await signsAs(WORK, { AWS_PROFILE: "work" });
    await signsAs(WORK, {}, { profile: "work" });
    await signsAs(USER_KEYS, { AWS_PROFILE: "work" }, { profile: "default" });
  });
});

test("the config file alone does as well", async () => {
  await onMachine(async ({ write, signsAs }) => {
    await write(".aws/config", CONFIG);
    await signsAs(USER_KEYS);
    await signsAs(WORK, { AWS_PROFILE: "work" });
  });
});

test("variables move both files, and those of the home count no more", async () => {
  await onMachine(async ({ write, signsAs }) => {
    await write(".aws/credentials", section("default", keySettings(temporary("home"))));
    await write(".aws/config", section("profile work", keySettings(temporary("home"))));
    const none = await write("empty", "");
    const credentials = {
      AWS_SHARED_CREDENTIALS_FILE: await write("moved credentials", CREDENTIALS),
    };
    const config = { AWS_CONFIG_FILE: await write("moved config", CONFIG) };
    await signsAs(USER_KEYS, credentials);
    await signsAs(WORK, { ...credentials, AWS_PROFILE: "work" });
    await signsAs(WORK, { ...config, AWS_SHARED_CREDENTIALS_FILE: none, AWS_PROFILE: "work" });
  });
});

test("of two files that both know a profile, the credentials file wins", async () => {
  await onMachine(async ({ write, signsAs }) => {
    await write(".aws/credentials", section("work", keySettings(WORK)));
    await write(".aws/config", section("profile work", keySettings(temporary("config"))));
    await signsAs(WORK, { AWS_PROFILE: "work" });
  });
});

test("a profile that is missing, or holds no credentials, is an error that names it", async () => {
  await onMachine(async ({ write, findsNone }) => {
    await write(".aws/config", section("profile bare", { region: "us-west-2" }) + CONFIG);
    await findsNone({ AWS_PROFILE: "bare" });
    await findsNone({ AWS_PROFILE: "absent" });
  });
});
